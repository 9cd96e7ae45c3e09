import {
  Interruption,
  timerMs,
  type BookReader,
  type Logger,
  type Retry,
  type TransactionOptions,
  type UnitOfWorkFactory,
  type WaitOptions,
} from '@blotter/application';
import { PostgresExecutionReader } from '../executions/postgres-execution-repository.js';
import { HealthCheck, type HealthThresholds } from '../health/health-check.js';
import { HealthMonitor, type HealthMonitorOptions } from '../health/health-monitor.js';
import type { HealthReason, HealthReport } from '../health/health-report.js';
import { PostgresMarkReader } from '../marks/postgres-mark-repository.js';
import { readMigrations, type Migration } from '../migrations/migration-files.js';
import { Migrator } from '../migrations/migrator.js';
import { requireCurrentSchema } from '../migrations/require-current-schema.js';
import { PostgresOrderReader } from '../orders/postgres-order-repository.js';
import { PostgresCashMovementReader } from '../portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioReader } from '../portfolios/postgres-portfolio-repository.js';
import { PostgresPositionReader } from '../positions/postgres-position-repository.js';
import { PostgresSnapshotReader } from '../snapshots/postgres-snapshot-repository.js';
import { plainQuery } from '../telemetry/query.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { PostgresUnitOfWork } from '../transactions/postgres-unit-of-work.js';
import { GroupCommit } from '../transactions/group-commit.js';
import { LeasedTransaction, type Outside, type TransactionCounter } from '../transactions/leased-transaction.js';
import { Turns } from '../transactions/turns.js';
import { readStream } from '../transactions/read-stream.js';
import { UnitTransaction } from '../transactions/unit-transaction.js';
import type { DatabaseConfig } from './database-config.js';
import { PatientRunner } from './patient-runner.js';
import type { PlainParameters } from './plain-sql.js';
import type { RowStreamer } from './row-stream.js';
import { SessionFitness } from './session-fitness.js';
import { SessionPool, type SessionPoolStatistics } from './session-pool.js';
import { SharedSessions } from './shared-sessions.js';
import type { StatementRunner } from './statement.js';
import { translateError } from './translate-error.js';

export interface DatabaseStatistics {
  readonly transactions: Readonly<TransactionCounter>;
  readonly sessions: SessionPoolStatistics;
}

export interface DatabaseOptions {
  /** Where log lines go; nowhere unless one is given. Spans and metrics need no option; docs/telemetry.md. */
  readonly logger?: Logger | undefined;
  /**
   * `current`: connects only to a schema that has every migration of this version, and none that it does not know;
   * `migrate`: brings it up to date first; `ignore`, unless said otherwise: does not look at it.
   */
  readonly schema?: 'current' | 'migrate' | 'ignore' | undefined;
}

export interface CloseOptions {
  /** Milliseconds that what is under way may still take; 30,000 unless said otherwise. */
  readonly drainMs?: number | undefined;
}

/** How long `close` waits for what is under way, in milliseconds, unless it is told otherwise. */
const DRAIN_MS = 30_000;

const HEALTH_MS = 2_000;

const NOT_READY = ['READ_ONLY', 'MIGRATIONS_PENDING', 'MIGRATIONS_UNFINISHED'] as const satisfies HealthReason[];

/** A book in a PostgreSQL database: units of work that write it, and readers that only read. */
export class Database implements UnitOfWorkFactory<PostgresUnitOfWork>, AsyncDisposable {
  /** Connects, and fails at once when that cannot be. @throws ConnectionError; MigrationError, where `schema` says so */
  static async connect(config: DatabaseConfig, options: DatabaseOptions = {}): Promise<Database> {
    const { schema = 'ignore', logger } = options;
    const migrations = await readMigrations();
    if (schema === 'migrate') await new Migrator(config, { logger }).up();
    if (schema === 'current') await requireCurrentSchema(config, migrations);
    const notReady = new Set<HealthReason>(schema === 'ignore' ? NOT_READY : [...NOT_READY, 'SCHEMA_NEWER']);
    const database = new Database(config, migrations, notReady, new Telemetry(config, logger));
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
  private readonly outside: Outside;
  private readonly counter: TransactionCounter = { committed: 0, rolledBack: 0 };
  private readonly healthCheck: HealthCheck;
  private readonly monitors = new Set<HealthMonitor>();
  private isOpen = true;

  private constructor(
    config: DatabaseConfig,
    migrations: readonly Migration[],
    private readonly notReady: ReadonlySet<HealthReason>,
    private readonly telemetry: Telemetry,
  ) {
    const fitness = new SessionFitness(config);
    this.pool = new SessionPool(config, telemetry, fitness);
    this.shared = new SharedSessions(config, telemetry, fitness);
    this.read = this.readerOver(this.shared);
    const { idleInTransactionTimeoutMs: longestMs, acquireTimeoutMs: patienceMs, maxWaiting } = config.settings;
    const turns = new Turns({ longestMs, patienceMs, maxWaiting });
    const groups = new GroupCommit((wait) => this.lease({ name: 'group commit', ...wait }), telemetry);
    this.outside = { runner: this.shared, turns, groups };
    this.healthCheck = new HealthCheck(config, migrations, fitness, () => this.pool.statistics());
  }

  begin(options: TransactionOptions = {}): PostgresUnitOfWork {
    return new PostgresUnitOfWork(new UnitTransaction(this.lease(options)));
  }

  /** For `TransactionManager`: tells of the repetitions of work, and traces them as one. */
  observe<Result>(
    name: string | undefined,
    work: (onRetry: (retry: Retry) => void) => Promise<Result>,
  ): Promise<Result> {
    return this.telemetry.observe(name, work);
  }

  /** For `Blotter`: what is done for many callers is in the trace of none. */
  detached<Result>(work: () => Result): Result {
    return this.telemetry.detached(work);
  }

  /**
   * The readers of `read`, with a deadline or a signal of their own: each read then ends with TimeoutError or AbortedError.
   * @example await database.reading({ timeoutMs: 200 }).orders.get(id);
   */
  reading(wait: WaitOptions): BookReader {
    return this.readerOver(new PatientRunner(this.shared, wait), wait);
  }

  /**
   * One statement of plain SQL outside a transaction, on a session of its own: $1, $2 …, all values as text. Each text is
   * prepared once for a session and kept there: fixed texts only. @throws ConfigurationError for what begins or ends
   * transactions, or sets what lasts
   */
  async query<Row>(text: string, parameters: PlainParameters = [], wait: WaitOptions = {}): Promise<readonly Row[]> {
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

  /** Whether the program is to be let live: it is not restarted for a database that is away, so this never asks it. */
  live(): boolean {
    return this.isOpen;
  }

  /**
   * Whether work can be sent here now: it answers, takes writes, and has the schema that this version needs; and no newer one,
   * unless it was connected with `schema: 'ignore'`. Asks the server.
   */
  async ready(wait: WaitOptions = {}): Promise<boolean> {
    const { state, reasons } = await this.health(wait);
    return state !== 'down' && !reasons.some((reason) => this.notReady.has(reason));
  }

  /** How the database is now. Never throws: what went wrong is in the report. Waits two seconds unless told otherwise. */
  health(
    { timeoutMs = HEALTH_MS, signal }: WaitOptions = {},
    thresholds: HealthThresholds = {},
  ): Promise<HealthReport> {
    return this.healthCheck.run(thresholds, { timeoutMs, signal });
  }

  /** Looks at the database again and again until it is stopped or the database is closed; also fills the pool up to its minimum. */
  monitor(options: HealthMonitorOptions = {}): HealthMonitor {
    const sessions = { refill: () => this.pool.warmUp(), renew: this.pool.renew.bind(this.pool) };
    const monitor = new HealthMonitor(this.healthCheck, options, sessions, this.telemetry.log);
    this.monitors.add(monitor);
    return monitor;
  }

  /**
   * Begins no more work, waits for the units of work and reads that are under way, and closes every session. What is still under
   * way after the drain time is rolled back, and told DatabaseClosedError (AmbiguousCommitError, where it was committing).
   * @throws ConfigurationError when the drain time is NaN, and then nothing is closed
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { log } = this.telemetry;
    const drainMs = timerMs(options.drainMs ?? DRAIN_MS);
    if (this.isOpen) log.info('database closes', { drainMs, inUse: this.pool.statistics().inUse });
    this.isOpen = false;
    for (const monitor of this.monitors) monitor.stop();
    this.monitors.clear();
    await Promise.all([this.pool.close(drainMs), this.shared.close(drainMs)]);
    this.healthCheck.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private lease(options: TransactionOptions): LeasedTransaction {
    return new LeasedTransaction(this.pool, this.outside, this.counter, options, this.telemetry);
  }

  private async queryOnce<Row>(
    text: string,
    parameters: PlainParameters,
    interruption: Interruption,
  ): Promise<readonly Row[]> {
    const session = await this.pool.acquire(interruption);
    interruption.onInterrupt((error) => {
      session.destroy(error);
    });
    try {
      const { operations } = this.telemetry;
      const ask = () => session.statement<Row>(text, parameters);
      const { rows } = await (operations ? operations.ask(session.server, plainQuery(text), ask) : ask());
      return rows;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.pool.release(session);
    }
  }

  private readerOver(shared: StatementRunner, wait: WaitOptions = {}): BookReader {
    const runner: StatementRunner & RowStreamer = {
      run: (statement, parameters) => shared.run(statement, parameters),
      stream: (statement, parameters) =>
        readStream(() => this.begin({ ...wait, name: 'stream', readOnly: true }), statement, parameters),
    };
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
}
