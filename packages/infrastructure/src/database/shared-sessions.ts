import { ConnectionError, DatabaseClosedError, PoolExhaustedError } from '@blotter/application';
import { BlotterError } from '@blotter/domain';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import { namedQuery } from '../telemetry/query.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { DatabaseConfig } from './database-config.js';
import { GatheringSession } from './gathering-session.js';
import { Session } from './session.js';
import type { SessionFitness } from './session-fitness.js';
import type { Parameters, Statement, StatementRunner } from './statement.js';
import { connectionLost, translateError } from './translate-error.js';

/** What a read may be sent again for: nothing of it is known, and the next session is another one. */
const CURED_BY_ANOTHER_SESSION: ReadonlySet<string> = new Set([
  'CONNECTION_LOST',
  'SERVER_UNAVAILABLE',
  'STATEMENT_OUTDATED',
]);

/**
 * A few sessions that share the reads outside transactions. Their statements are pipelined: 64 callers on one session
 * make 46,000 selects a second, on a pool of 20 sessions 22,000. What is in flight is bounded, and so is what waits for it.
 */
export class SharedSessions implements StatementRunner {
  private readonly places: Place[];
  /** Replaced, with reads still in flight. */
  private readonly retiring = new Set<Session>();
  private readonly bound;
  private isClosed = false;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly telemetry: Telemetry,
    private readonly fitness: SessionFitness,
  ) {
    const { sharedReadSessions, sharedReadsInFlight, maxWaiting } = config.settings;
    this.places = Array.from({ length: sharedReadSessions }, () => ({
      opening: undefined,
      shared: undefined,
      failedAt: -Infinity,
    }));
    this.bound = bulkhead(sharedReadSessions * sharedReadsInFlight, maxWaiting);
  }

  /**
   * Runs a read on the session with the least to do; once more on another when that is lost or falls silent meanwhile, or when
   * a migration has outdated the statement. @throws PoolExhaustedError when too many reads wait already
   */
  async run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    if (this.isClosed) throw new DatabaseClosedError();
    const read = () => this.runOrRepeat(statement, parameters);
    try {
      return await this.bound.execute(this.telemetry.operations?.bound(read) ?? read);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      throw new PoolExhaustedError(
        'Too many reads wait already. Do less at once, or enlarge DATABASE_SHARED_READ_SESSIONS.',
      );
    }
  }

  /** Ends the sessions; what is in flight after so many milliseconds is told that the database was closed. */
  async close(drainMs: number): Promise<void> {
    this.isClosed = true;
    const opened = this.places.map(({ opening }) => opening?.then(({ session }) => session).catch(() => undefined));
    const sessions = [...this.retiring, ...opened];
    await Promise.all(
      sessions.map(async (opening) => {
        const session = await opening;
        await session?.drain(drainMs, new DatabaseClosedError());
      }),
    );
  }

  private async runOrRepeat<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const place = this.placeForRead();
    for (let attempt = 1; ; attempt += 1) {
      let shared: GatheringSession | undefined;
      try {
        shared = this.freshAt(place) ?? (await this.openAt(place));
        return await this.ask(shared, statement, parameters);
      } catch (error) {
        const translated = translateError(error);
        const isCured = isCuredByAnotherSession(translated);
        // The server says that it ends a session before the connection is closed.
        if (isCured) shared?.session.destroy(connectionLost());
        // At the same place, where the session is a new one: at another it may have been lost too, and not be known to be.
        if (!isCured || attempt > 1 || this.isClosing()) throw translated;
      }
    }
  }

  private ask<Rows>(shared: GatheringSession, statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const { operations } = this.telemetry;
    if (!operations) return shared.run(statement, parameters);
    return operations.ask(shared.session.server, namedQuery(statement.name), () => shared.run(statement, parameters));
  }

  private isClosing(): boolean {
    return this.isClosed;
  }

  /**
   * The place with the least to do. Whoever would be the first at one uses a session that is there, and the place is filled meanwhile:
   * nobody waits for that, and nobody fails because the server takes no more.
   */
  private placeForRead(): Place {
    const place = this.places.reduce((best, other) => (loadOf(other) < loadOf(best) ? other : best));
    if (this.freshAt(place)) return place;
    const present = this.places.find((other) => this.freshAt(other));
    if (!present) return place;
    this.openAt(place).catch(() => undefined);
    return present;
  }

  /** The session at a place, where it need not be asked whether it is still there. */
  private freshAt({ shared }: Place): GatheringSession | undefined {
    return shared && this.fitness.isFresh(shared.session) ? shared : undefined;
  }

  /** The session that is being opened or asked at a place; else one of the two begins. */
  private openAt(place: Place): Promise<GatheringSession> {
    const { opening, shared: present } = place;
    if (opening && !present) return opening;
    if (this.isClosing()) throw new DatabaseClosedError();
    place.shared = undefined;
    place.opening = this.keptOrOpened(present).then(
      (shared) => (place.shared = shared),
      (error: unknown) => {
        place.opening = undefined;
        place.failedAt = performance.now();
        throw error;
      },
    );
    return place.opening;
  }

  private async keptOrOpened(present: GatheringSession | undefined): Promise<GatheringSession> {
    if (present && (await this.fitness.check(present.session))) return present;
    if (present) this.retire(present.session);
    const startedAt = performance.now();
    const session = await Session.connect(this.config);
    this.telemetry.watch(session, performance.now() - startedAt);
    return new GatheringSession(session);
  }

  /** It is given no more statements, and closes when those in flight are answered. */
  private retire(session: Session): void {
    this.retiring.add(session);
    session.onEnd(() => this.retiring.delete(session));
    void session.drain(this.config.settings.commandTimeoutMs, connectionLost());
  }
}

function isCuredByAnotherSession(error: unknown): boolean {
  return error instanceof BlotterError && (CURED_BY_ANOTHER_SESSION.has(error.code) || fellSilent(error));
}

/** The read that waited for a silent session has had its time there; one that the server has timed out was answered. */
function fellSilent(error: BlotterError): boolean {
  return error.code === 'TIMEOUT' && error.cause instanceof ConnectionError;
}

interface Place {
  opening: Promise<GatheringSession> | undefined;
  shared: GatheringSession | undefined;
  /** When no session could be opened there last. */
  failedAt: number;
}

/** A server that has just refused a session is not asked for another by every read that could use one that is there. Milliseconds. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** Statements in flight. Less than one for a place that is empty: it is filled before a second caller shares a session. */
function loadOf({ opening, shared, failedAt }: Place): number {
  if (shared?.session.isUsable) return shared.load;
  const isOpening = opening !== undefined && shared === undefined;
  return isOpening || performance.now() - failedAt < PAUSE_AFTER_FAILURE_MS ? Infinity : 0.5;
}
