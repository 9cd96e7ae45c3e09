import type { BookReader, TransactionOptions, UnitOfWorkFactory } from '@blotter/application';
import { PostgresExecutionReader } from '../executions/postgres-execution-repository.js';
import { PostgresMarkReader } from '../marks/postgres-mark-repository.js';
import { PostgresOrderReader } from '../orders/postgres-order-repository.js';
import { PostgresCashMovementReader } from '../portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioReader } from '../portfolios/postgres-portfolio-repository.js';
import { PostgresPositionReader } from '../positions/postgres-position-repository.js';
import { PostgresSnapshotReader } from '../snapshots/postgres-snapshot-repository.js';
import { PostgresUnitOfWork, type TransactionCounter } from '../transactions/postgres-unit-of-work.js';
import type { DatabaseConfig } from './database-config.js';
import { SessionPool, type SessionPoolStatistics } from './session-pool.js';
import { SharedSessions } from './shared-sessions.js';
import { translateError } from './translate-error.js';

export interface DatabaseStatistics {
  readonly transactions: Readonly<TransactionCounter>;
  readonly sessions: SessionPoolStatistics;
}

/** A book in a PostgreSQL database: units of work that write it, and readers that only read. */
export class Database implements UnitOfWorkFactory<PostgresUnitOfWork> {
  /** Connects, and fails at once when that cannot be. The schema must be there; see `migrate`. @throws ConnectionError */
  static async connect(config: DatabaseConfig): Promise<Database> {
    const database = new Database(config);
    try {
      await database.pool.warmUp();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Reads outside transactions, each of the newest committed state; pipelined over a few shared sessions. */
  readonly read: BookReader;

  private readonly pool: SessionPool;
  private readonly shared: SharedSessions;
  private readonly counter: TransactionCounter = { committed: 0, rolledBack: 0 };

  private constructor(config: DatabaseConfig) {
    this.pool = new SessionPool(config);
    this.shared = new SharedSessions(config);
    this.read = {
      portfolios: new PostgresPortfolioReader(this.shared),
      orders: new PostgresOrderReader(this.shared),
      positions: new PostgresPositionReader(this.shared),
      executions: new PostgresExecutionReader(this.shared),
      cashMovements: new PostgresCashMovementReader(this.shared),
      snapshots: new PostgresSnapshotReader(this.shared),
      marks: new PostgresMarkReader(this.shared),
    };
  }

  begin(options?: TransactionOptions): PostgresUnitOfWork {
    return new PostgresUnitOfWork(this.pool, this.counter, options);
  }

  /** Plain SQL outside a transaction, on a session of its own: $1, $2 …, all values as text. */
  async query<Row>(text: string, parameters: readonly string[] = []): Promise<readonly Row[]> {
    const session = await this.pool.acquire();
    try {
      const { rows } = await session.query<Row>(text, parameters);
      return rows;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.pool.release(session);
    }
  }

  statistics(): DatabaseStatistics {
    return { transactions: { ...this.counter }, sessions: this.pool.statistics() };
  }

  /** Waits for the units of work that are under way, and closes every session. */
  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.shared.close()]);
  }
}
