import { DatabaseClosedError, Interruption, type WaitOptions } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type { DatabaseConfig } from '../database/database-config.js';
import type { SessionFitness } from '../database/session-fitness.js';
import type { SessionPoolStatistics } from '../database/session-pool.js';
import { Session } from '../database/session.js';
import { connectionLost, translateError } from '../database/translate-error.js';
import type { Migration } from '../migrations/migration-files.js';
import { MigrationJournal } from '../migrations/migration-journal.js';
import { statusOf, type MigrationStatus } from '../migrations/migration-status.js';
import type { HealthReason, HealthReport, ServerHealth } from './health-report.js';
import { SharedQuestion } from './shared-question.js';

export interface HealthThresholds {
  /** A round trip that is longer is SLOW. Milliseconds; 1,000 unless said otherwise. */
  readonly slowMs?: number | undefined;
  /** A transaction that is open for longer is an OLD_TRANSACTION. Milliseconds; 60,000 unless said otherwise. */
  readonly oldTransactionMs?: number | undefined;
}

type SchemaHealth = Pick<ServerHealth, 'migrationsPending' | 'migrationsUnfinished' | 'migrationsNewer'>;

interface HealthRow {
  readonly version: string;
  readonly standby: boolean;
  readonly read_only: boolean;
  readonly oldest: string;
  readonly active: number;
  readonly idle: number;
  readonly idle_in_transaction: number;
}

/** A session that is silent for less is not given up, however little time a caller has. Milliseconds. */
const LEAST_PATIENCE_MS = 2_000;

/** pg_stat_activity shows every role its own sessions; the asking session is not counted. */
const HEALTH_SQL = `
select current_setting('server_version') as version,
       pg_is_in_recovery() as standby,
       current_setting('transaction_read_only') = 'on' as read_only,
       coalesce(extract(epoch from max(clock_timestamp() - xact_start)) * 1000, 0)::bigint::text as oldest,
       count(*) filter (where state = 'active')::int as active,
       count(*) filter (where state = 'idle')::int as idle,
       count(*) filter (where state like 'idle in transaction%')::int as idle_in_transaction
from pg_stat_activity
where application_name = current_setting('application_name') and datname = current_database() and pid <> pg_backend_pid()`;

/**
 * Asks the server how it is, on a session of its own: one that stands in line behind the work would say how long the line is.
 * Checks that overlap share one question. A session that failed, or fell silent, is replaced with the next.
 */
export class HealthCheck {
  private session: Promise<Session> | undefined;
  private question: SharedQuestion<ServerHealth> | undefined;
  private isClosed = false;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly migrations: readonly Migration[],
    private readonly fitness: SessionFitness,
    private readonly pool: () => SessionPoolStatistics,
  ) {}

  /** Never throws: what went wrong is in the report. */
  async run(thresholds: HealthThresholds, wait: WaitOptions): Promise<HealthReport> {
    const interruption = new Interruption(wait);
    try {
      const server = await interruption.orInterrupted(this.answer(wait));
      return this.reportOf(server, thresholds);
    } catch (error) {
      return this.failed(translateError(error));
    } finally {
      interruption.end();
    }
  }

  close(): void {
    this.isClosed = true;
    this.discardSession();
  }

  private answer({ timeoutMs = 0 }: WaitOptions): Promise<ServerHealth> {
    if (this.isClosed) return Promise.reject(new DatabaseClosedError());
    // Nobody waits for it any more, though it may not know that yet: whoever comes now would wait for a session that is silent.
    if (this.question?.isOver) this.abandon(this.question);
    const question = (this.question ??= this.begin());
    question.waitAtLeast(timeoutMs);
    return question.answer;
  }

  private begin(): SharedQuestion<ServerHealth> {
    const question = new SharedQuestion(this.ask(), LEAST_PATIENCE_MS);
    question.answer.then(
      () => {
        if (this.question === question) this.question = undefined;
      },
      () => {
        this.abandon(question);
      },
    );
    return question;
  }

  /** The next check asks anew, and on another session. */
  private abandon(question: SharedQuestion<ServerHealth>): void {
    if (this.question !== question) return;
    this.question = undefined;
    this.discardSession();
  }

  private async ask(): Promise<ServerHealth> {
    const session = await this.fitSession();
    const startedAt = performance.now();
    const { rows } = await session.query<HealthRow>(HEALTH_SQL);
    const roundTripMs = performance.now() - startedAt;
    const [row] = rows;
    if (!row) throw new Error('An aggregate without a row.');
    return {
      roundTripMs,
      role: row.standby ? 'standby' : 'primary',
      isReadOnly: row.read_only,
      version: row.version,
      ...(await this.schemaOn(session)),
      oldestTransactionMs: Number(row.oldest),
      sessions: { active: row.active, idle: row.idle, idleInTransaction: row.idle_in_transaction },
    };
  }

  /** The session that is there, unless it has lived its time or was renewed; else a new one. */
  private async fitSession(): Promise<Session> {
    const opening = this.session;
    const present = await opening;
    if (present && this.fitness.isFit(present)) return present;
    if (this.isClosed) throw new DatabaseClosedError();
    if (this.session === opening) {
      this.session = undefined;
      // Another check may be asking on it.
      void present?.drain(this.config.settings.commandTimeoutMs, connectionLost());
    }
    return (this.session ??= Session.connect(this.config));
  }

  private async schemaOn(session: Session): Promise<SchemaHealth> {
    const records = await new MigrationJournal(session, this.config).records();
    const states = statusOf(this.migrations, records).map(({ state }) => state);
    const count = (...counted: readonly MigrationStatus['state'][]) =>
      states.filter((state) => counted.includes(state)).length;
    return {
      migrationsPending: count('pending', 'late'),
      migrationsUnfinished: count('unfinished'),
      migrationsNewer: count('newer'),
    };
  }

  private reportOf(
    server: ServerHealth,
    { slowMs = 1_000, oldTransactionMs = 60_000 }: HealthThresholds,
  ): HealthReport {
    const pool = this.pool();
    const findings: readonly (readonly [HealthReason, boolean])[] = [
      ['SLOW', server.roundTripMs > slowMs],
      ['READ_ONLY', server.isReadOnly],
      ['MIGRATIONS_PENDING', server.migrationsPending > 0],
      ['MIGRATIONS_UNFINISHED', server.migrationsUnfinished > 0],
      ['SCHEMA_NEWER', server.migrationsNewer > 0],
      ['CALLERS_WAITING', pool.waiting > 0],
      ['OLD_TRANSACTION', server.oldestTransactionMs > oldTransactionMs],
    ];
    const reasons = findings.filter(([, isSo]) => isSo).map(([reason]) => reason);
    return { state: reasons.length > 0 ? 'degraded' : 'up', reasons, server, error: undefined, pool };
  }

  private failed(error: BlotterError): HealthReport {
    return { state: 'down', reasons: ['NO_ANSWER'], server: undefined, error, pool: this.pool() };
  }

  private discardSession(): void {
    const session = this.session;
    this.session = undefined;
    session?.then(
      (opened) => {
        opened.destroy(new DatabaseClosedError());
      },
      () => undefined,
    );
  }
}
