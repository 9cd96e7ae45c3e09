import type { BlotterError } from '@blotter/domain';
import type { SessionPoolStatistics } from '../database/session-pool.js';

/** `degraded`: it answers, but something needs a look (see `reasons`). `down`: it does not answer. */
export type HealthState = 'up' | 'degraded' | 'down';

/** Why a state is not `up`. */
export type HealthReason =
  /** The check itself failed; `error` says of what. */
  | 'NO_ANSWER'
  /** The answer took longer than it should. */
  | 'SLOW'
  /** The server takes no writes. */
  | 'READ_ONLY'
  /** Migrations of this version of Blotter have not been applied. */
  | 'MIGRATIONS_PENDING'
  /** One that runs outside a transaction was begun and has not ended: it runs, or was broken off. */
  | 'MIGRATIONS_UNFINISHED'
  /** The schema has migrations that this version of Blotter does not know. */
  | 'SCHEMA_NEWER'
  /** All sessions are in use, and callers wait for one. */
  | 'CALLERS_WAITING'
  /** A transaction of this application has been open for longer than it should. */
  | 'OLD_TRANSACTION';

/** What the server says of itself, and of this application's sessions. */
export interface ServerHealth {
  /** Milliseconds from question to answer. */
  readonly roundTripMs: number;
  readonly role: 'primary' | 'standby';
  /** Whether transactions may write unless they ask for it. */
  readonly isReadOnly: boolean;
  /** As PostgreSQL gives it, such as "18.1". */
  readonly version: string;
  readonly migrationsPending: number;
  readonly migrationsUnfinished: number;
  /** Those that this version of Blotter does not know. */
  readonly migrationsNewer: number;
  /** Milliseconds since the oldest open transaction of this application name began; 0 when there is none. */
  readonly oldestTransactionMs: number;
  /** The sessions of this application name in this database, of all its processes, by what they do. */
  readonly sessions: { readonly active: number; readonly idle: number; readonly idleInTransaction: number };
}

export interface HealthReport {
  readonly state: HealthState;
  readonly reasons: readonly HealthReason[];
  /** Undefined when it did not answer. */
  readonly server: ServerHealth | undefined;
  readonly error: BlotterError | undefined;
  readonly pool: SessionPoolStatistics;
}
