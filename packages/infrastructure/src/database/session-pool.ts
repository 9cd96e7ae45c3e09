import { DatabaseClosedError, PoolExhaustedError } from '@blotter/application';
import { Pool, TimeoutError as TarnTimeout } from 'tarn';
import type { DatabaseConfig } from './database-config.js';
import { Session } from './session.js';

export interface SessionPoolStatistics {
  readonly total: number;
  readonly idle: number;
  readonly inUse: number;
  readonly waiting: number;
  readonly created: number;
  readonly closed: number;
}

/** Hands sessions out to transactions, one each. A session that died or grew old is replaced, never handed out. */
export class SessionPool {
  private readonly pool: Pool<Session>;
  private readonly expiry = new WeakMap<Session, number>();
  private created = 0;
  private closed = 0;
  private isClosed = false;
  private closing: Promise<unknown> | undefined;

  constructor(private readonly config: DatabaseConfig) {
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
        return session.close();
      },
      validate: (session) => session.isUsable && Date.now() < (this.expiry.get(session) ?? 0),
    });
  }

  /** Opens the minimum of sessions now. @throws ConnectionError */
  async warmUp(): Promise<void> {
    const sessions = await Promise.all(
      Array.from({ length: Math.max(1, this.config.settings.minPoolSize) }, () => this.acquire()),
    );
    for (const session of sessions) this.release(session);
  }

  /** @throws PoolExhaustedError when none is free within the acquire deadline, or too many wait already; ConnectionError; DatabaseClosedError */
  async acquire(): Promise<Session> {
    if (this.isClosed) throw new DatabaseClosedError();
    if (this.pool.numPendingAcquires() > this.config.settings.maxWaiting) {
      throw new PoolExhaustedError(
        'Too many callers wait for a database session already. Do less at once, or enlarge DATABASE_MAX_POOL_SIZE.',
      );
    }
    try {
      return await this.pool.acquire().promise;
    } catch (error) {
      if (this.isClosing()) throw new DatabaseClosedError();
      if (!(error instanceof TarnTimeout)) throw error;
      throw new PoolExhaustedError(
        'No database session became free in time. Keep transactions short, or enlarge DATABASE_MAX_POOL_SIZE.',
      );
    }
  }

  release(session: Session): void {
    this.pool.release(session);
  }

  statistics(): SessionPoolStatistics {
    const [idle, inUse] = [this.pool.numFree(), this.pool.numUsed()];
    return {
      total: idle + inUse,
      idle,
      inUse,
      waiting: this.pool.numPendingAcquires(),
      created: this.created,
      closed: this.closed,
    };
  }

  /** Waits for the sessions in use, and closes all. */
  async close(): Promise<void> {
    this.isClosed = true;
    await (this.closing ??= this.pool.destroy());
  }

  private isClosing(): boolean {
    return this.isClosed;
  }

  private async open(): Promise<Session> {
    const session = await Session.connect(this.config);
    this.created += 1;
    // Up to a tenth less, so that sessions opened together do not all end together.
    this.expiry.set(session, session.openedAt + this.config.settings.maxLifetimeMs * (1 - Math.random() / 10));
    return session;
  }
}
