import { DatabaseClosedError, PoolExhaustedError, type Interruption } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { Pool, TimeoutError as TarnTimeout } from 'tarn';
import { PoolMetrics } from '../telemetry/pool-metrics.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import { AcquireTimes, type AcquireTimesSummary } from './acquire-times.js';
import type { DatabaseConfig } from './database-config.js';
import { settingsOfTransaction } from './server-settings.js';
import { Session } from './session.js';
import type { SessionFitness } from './session-fitness.js';
import { SessionsAtHand } from './sessions-at-hand.js';
import { translateError } from './translate-error.js';

export interface SessionPoolStatistics {
  readonly total: number;
  readonly idle: number;
  readonly inUse: number;
  /** Callers that wait for a session now. */
  readonly waiting: number;
  readonly created: number;
  readonly closed: number;
  /** Sessions that could not be opened. */
  readonly errors: number;
  /** Callers that got none: the deadline had passed, or too many waited. */
  readonly timeouts: number;
  /** How long callers waited, in milliseconds. */
  readonly acquireTime: AcquireTimesSummary;
}

/** A crowd that is refused is one line a second, not one for each. */
const MILLISECONDS_BETWEEN_WARNINGS = 1_000;

/** Hands sessions out to transactions, one each. A session that died or grew old is replaced, never handed out. */
export class SessionPool {
  private readonly pool: Pool<Session>;
  /** Free; to tarn they are in use. When somebody waits for a session, none is put here. */
  private readonly atHand: SessionsAtHand;
  private readonly sessions = new Set<Session>();
  /** With the time at which each was handed out. */
  private readonly inUse = new Map<Session, number>();
  private readonly metrics: PoolMetrics | undefined;
  private readonly acquireTimes = new AcquireTimes();
  private created = 0;
  private closed = 0;
  private errors = 0;
  private timeouts = 0;
  private warnedAt = -Infinity;
  /** Why the last attempt to open a session failed; undefined after one that succeeded. */
  private openError: BlotterError | undefined;
  private isClosed = false;
  /** Whether the drain time is over: then nobody keeps a session. */
  private isDrained = false;
  private closing: Promise<unknown> | undefined;

  /** Whether each transaction has settings to make with its BEGIN. */
  get setsUpTransactions(): boolean {
    return settingsOfTransaction(this.config) !== '';
  }

  constructor(
    private readonly config: DatabaseConfig,
    private readonly telemetry: Telemetry,
    private readonly fitness: SessionFitness,
  ) {
    const { minPoolSize, maxPoolSize, acquireTimeoutMs, connectTimeoutMs, idleTimeoutMs } = config.settings;
    this.pool = new Pool<Session>({
      min: minPoolSize,
      max: maxPoolSize,
      acquireTimeoutMillis: acquireTimeoutMs,
      createTimeoutMillis: connectTimeoutMs * 2,
      idleTimeoutMillis: idleTimeoutMs,
      // A server that is not there is said at once, not when the deadline has passed.
      propagateCreateError: true,
      create: () => this.open(),
      destroy: (session) => {
        this.closed += 1;
        this.sessions.delete(session);
        return session.close();
      },
      // tarn waits for the answer, as its README says; its types know only of one that is there at once.
      validate: (session) => fitness.isFresh(session) || (fitness.check(session) as unknown as boolean),
    });
    this.atHand = new SessionsAtHand(fitness, (session) => this.pool.release(session));
    this.metrics = PoolMetrics.installed(config, () => this.statistics());
  }

  /** Opens sessions until there is the minimum, as after a start or when some have died. @throws ConnectionError */
  async warmUp(): Promise<void> {
    const wanted = Math.max(1, this.config.settings.minPoolSize) - this.inUse.size;
    const idle = [...this.sessions].filter((session) => !this.inUse.has(session) && this.fitness.isFit(session));
    if (idle.length >= wanted) return;
    this.atHand.giveBackAll();
    // Those that are there are borrowed too, for tarn opens none while one is free. Nobody waits for these: they are no figures.
    const borrowing = Array.from({ length: wanted }, () => this.pool.acquire().promise);
    const results = await Promise.allSettled(borrowing);
    for (const result of results) if (result.status === 'fulfilled') this.pool.release(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw translateError(this.acquireError(failed.reason, undefined));
  }

  /**
   * @throws PoolExhaustedError when none is free within the acquire deadline, or too many wait already; ConnectionError;
   * DatabaseClosedError; the interruption's error
   */
  async acquire(interruption?: Interruption): Promise<Session> {
    if (this.isClosed) throw new DatabaseClosedError();
    if (interruption?.error) throw interruption.error;
    const atHand = this.atHand.take();
    if (atHand) return this.handOut(atHand, performance.now(), 0);
    this.refuseBeyondTheQueue();
    const startedAt = performance.now();
    const pending = this.pool.acquire();
    interruption?.onInterrupt(() => {
      pending.abort();
    });
    let session: Session;
    try {
      session = await pending.promise;
    } catch (error) {
      throw this.acquireError(error, interruption);
    }
    const now = performance.now();
    this.handOut(session, now, now - startedAt);
    // It may have been given in the very turn in which the caller, or everybody, was told to stop.
    const error = interruption?.error ?? (this.isDrained ? new DatabaseClosedError() : undefined);
    if (!error) return session;
    this.release(session);
    throw error;
  }

  release(session: Session): void {
    const since = this.inUse.get(session);
    // It was given back before.
    if (since === undefined) return;
    this.inUse.delete(session);
    // Also by one whose session is being asked whether it lives.
    const isWaitedFor = this.pool.numPendingAcquires() + this.pool.numPendingValidations() > 0;
    if (isWaitedFor || this.isClosed || !this.fitness.isFit(session)) this.pool.release(session);
    else this.atHand.keep(session);
    this.metrics?.used(performance.now() - since);
  }

  /** Replaces the sessions of before, and all others of the database with them; see {@link SessionFitness}. */
  renew(): void {
    this.fitness.renew();
  }

  statistics(): SessionPoolStatistics {
    const idle = this.pool.numFree() + this.atHand.count;
    const inUse = this.pool.numUsed() - this.atHand.count;
    return {
      total: idle + inUse,
      idle,
      inUse,
      waiting: this.pool.numPendingAcquires(),
      created: this.created,
      closed: this.closed,
      errors: this.errors,
      timeouts: this.timeouts,
      acquireTime: this.acquireTimes.summary(),
    };
  }

  /**
   * Hands out no more, waits for the sessions in use for so many milliseconds, ends those that are left, and closes all. Called
   * again with less time, the shorter one counts.
   */
  async close(drainMs: number): Promise<void> {
    this.isClosed = true;
    this.atHand.giveBackAll();
    const timer = setTimeout(() => {
      this.endDrain(drainMs);
    }, drainMs);
    try {
      await (this.closing ??= this.pool.destroy());
    } finally {
      clearTimeout(timer);
      this.metrics?.close();
    }
  }

  private handOut(session: Session, now: number, waitedMs: number): Session {
    this.acquireTimes.add(waitedMs);
    this.metrics?.waited(waitedMs);
    this.inUse.set(session, now);
    return session;
  }

  private endDrain(drainMs: number): void {
    this.isDrained = true;
    this.telemetry.log.warn('drain time over', { drainMs, sessions: this.inUse.size });
    for (const session of this.inUse.keys()) {
      session.destroy(new DatabaseClosedError());
      // Whoever has it may never give it back.
      this.release(session);
    }
  }

  private refuseBeyondTheQueue(): void {
    const { maxWaiting, maxPoolSize } = this.config.settings;
    const room = maxPoolSize - this.pool.numUsed();
    if (this.pool.numPendingAcquires() < maxWaiting + room) return;
    this.countTimeout();
    throw new PoolExhaustedError(
      'Too many callers wait for a database session already. Do less at once, or enlarge DATABASE_MAX_POOL_SIZE.',
    );
  }

  private acquireError(error: unknown, interruption: Interruption | undefined): unknown {
    if (interruption?.error) return interruption.error;
    if (this.isClosing()) return new DatabaseClosedError();
    if (!(error instanceof TarnTimeout)) return error;
    this.countTimeout();
    return (
      this.openError ??
      new PoolExhaustedError(
        'No database session became free in time. Keep transactions short, or enlarge DATABASE_MAX_POOL_SIZE.',
      )
    );
  }

  private countTimeout(): void {
    this.timeouts += 1;
    const now = performance.now();
    if (now - this.warnedAt < MILLISECONDS_BETWEEN_WARNINGS) return;
    this.warnedAt = now;
    const { inUse, waiting } = this.statistics();
    this.telemetry.log.warn('no session is free', { inUse, waiting, timeouts: this.timeouts });
  }

  private isClosing(): boolean {
    return this.isClosed;
  }

  private async open(): Promise<Session> {
    try {
      const startedAt = performance.now();
      const session = await Session.connect(this.config);
      const tookMs = performance.now() - startedAt;
      this.created += 1;
      this.sessions.add(session);
      this.metrics?.created(tookMs);
      this.telemetry.watch(session, tookMs);
      this.openError = undefined;
      return session;
    } catch (error) {
      this.errors += 1;
      this.openError = translateError(error);
      throw this.openError;
    }
  }
}
