import type { BookReader, TransactionOptions, UnitOfWorkFactory, WaitOptions } from '@blotter/application';
import { Interruption } from '@blotter/application';
import { PostgresExecutionReader } from '../executions/postgres-execution-repository.js';
import { PostgresMarkReader } from '../marks/postgres-mark-repository.js';
import { PostgresOrderReader } from '../orders/postgres-order-repository.js';
import { PostgresCashMovementReader } from '../portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioReader } from '../portfolios/postgres-portfolio-repository.js';
import { PostgresPositionReader } from '../positions/postgres-position-repository.js';
import { PostgresSnapshotReader } from '../snapshots/postgres-snapshot-repository.js';
import { PostgresUnitOfWork } from '../transactions/postgres-unit-of-work.js';
import { UnitTransaction, type TransactionCounter } from '../transactions/unit-transaction.js';
import type { DatabaseConfig } from './database-config.js';
import { PatientRunner } from './patient-runner.js';
import { SessionPool, type SessionPoolStatistics } from './session-pool.js';
import { SharedSessions } from './shared-sessions.js';
import type { StatementRunner } from './statement.js';
import { translateError } from './translate-error.js';

export interface DatabaseStatistics {
  readonly transactions: Readonly<TransactionCounter>;
  readonly sessions: SessionPoolStatistics;
}

/** How long `close` waits for what is under way, in milliseconds, unless it is told otherwise. */
const DRAIN_MS = 30_000;

/** A book in a PostgreSQL database: units of work that write it, and readers that only read. */
export class Database implements UnitOfWorkFactory<PostgresUnitOfWork>, AsyncDisposable {
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
    this.read = readerOver(this.shared);
  }

  begin(options: TransactionOptions = {}): PostgresUnitOfWork {
    return new PostgresUnitOfWork(new UnitTransaction(this.pool, this.counter, options));
  }

  /**
   * The readers of `read`, with a deadline or a signal of their own: each read then ends with TimeoutError or AbortedError.
   * @example await database.reading({ timeoutMs: 200 }).orders.get(id);
   */
  reading(wait: WaitOptions): BookReader {
    return readerOver(new PatientRunner(this.shared, wait));
  }

  /** Plain SQL outside a transaction, on a session of its own: $1, $2 …, all values as text. */
  async query<Row>(text: string, parameters: readonly string[] = [], wait: WaitOptions = {}): Promise<readonly Row[]> {
    const interruption = new Interruption(wait);
    try {
      return await this.queryOnce<Row>(text, parameters, interruption);
    } finally {
      interruption.end();
    }
  }

  statistics(): DatabaseStatistics {
    return { transactions: { ...this.counter }, sessions: this.pool.statistics() };
  }

  /**
   * Begins no more work, waits for the units of work and reads that are under way, and closes every session. What is still under
   * way after the drain time is rolled back, and told DatabaseClosedError (AmbiguousCommitError, where it was committing).
   */
  async close({ drainMs = DRAIN_MS }: { readonly drainMs?: number } = {}): Promise<void> {
    await Promise.all([this.pool.close(drainMs), this.shared.close(drainMs)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async queryOnce<Row>(
    text: string,
    parameters: readonly string[],
    interruption: Interruption,
  ): Promise<readonly Row[]> {
    const session = await this.pool.acquire(interruption);
    interruption.onInterrupt((error) => {
      session.destroy(error);
    });
    try {
      const { rows } = await session.query<Row>(text, parameters);
      return rows;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.pool.release(session);
    }
  }
}

function readerOver(runner: StatementRunner): BookReader {
  return {
    portfolios: new PostgresPortfolioReader(runner),
    orders: new PostgresOrderReader(runner),
    positions: new PostgresPositionReader(runner),
    executions: new PostgresExecutionReader(runner),
    cashMovements: new PostgresCashMovementReader(runner),
    snapshots: new PostgresSnapshotReader(runner),
    marks: new PostgresMarkReader(runner),
  };
}
