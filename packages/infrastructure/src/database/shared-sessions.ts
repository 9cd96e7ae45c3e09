import { ConnectionError, DatabaseClosedError } from '@blotter/application';
import type { DatabaseConfig } from './database-config.js';
import { Session } from './session.js';
import type { Parameters, Statement, StatementRunner } from './statement.js';
import { translateError } from './translate-error.js';

/**
 * A few sessions that share the reads outside transactions. Their statements are pipelined: 64 callers on one session
 * make 46,000 selects a second, on a pool of 20 sessions 22,000.
 */
export class SharedSessions implements StatementRunner {
  private readonly places: Place[];
  private isClosed = false;

  constructor(private readonly config: DatabaseConfig) {
    this.places = Array.from({ length: config.settings.sharedReadSessions }, () => ({
      opening: undefined,
      session: undefined,
    }));
  }

  /** Runs a read on the session with the least to do; once more on another when the connection is lost meanwhile. */
  async run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    try {
      return await this.runOnce(statement, parameters);
    } catch (error) {
      if (!isLost(error) || this.isClosed) throw error;
      return this.runOnce(statement, parameters);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { opening } of this.places) await opening?.then((session) => session.close()).catch(() => undefined);
  }

  private async runOnce<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    if (this.isClosed) throw new DatabaseClosedError();
    try {
      const session = await this.sessionOf(this.leastLoaded());
      return await session.run(statement, parameters);
    } catch (error) {
      throw translateError(error);
    }
  }

  private leastLoaded(): Place {
    return this.places.reduce((best, place) => (loadOf(place) < loadOf(best) ? place : best));
  }

  /** The session at a place: the one that is there, or that is being opened, else a new one. */
  private sessionOf(place: Place): Promise<Session> {
    if (place.opening && place.session?.isUsable !== false) return place.opening;
    place.session = undefined;
    place.opening = Session.connect(this.config).then(
      (session) => (place.session = session),
      (error: unknown) => {
        place.opening = undefined;
        throw error;
      },
    );
    return place.opening;
  }
}

interface Place {
  opening: Promise<Session> | undefined;
  session: Session | undefined;
}

/** Statements in flight. Less than one for a place that is empty: it is filled before a second caller shares a session. */
function loadOf(place: Place): number {
  if (place.session?.isUsable) return place.session.load;
  return place.opening && !place.session ? Infinity : 0.5;
}

function isLost(error: unknown): boolean {
  return error instanceof ConnectionError && (error.code === 'CONNECTION_LOST' || error.code === 'SERVER_UNAVAILABLE');
}
