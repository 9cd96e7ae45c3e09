import { DatabaseError, type Logger } from '@blotter/application';
import { BlotterError } from '@blotter/domain';
import type { DatabaseConfig } from '../database/database-config.js';
import { PostgresFault } from '../database/postgres-fault.js';
import type { Session } from '../database/session.js';
import { rebuildInvalidIndexes } from './invalid-indexes.js';
import { downOf, type Migration } from './migration-files.js';
import type { MigrationJournal } from './migration-journal.js';
import type { MigrationScript } from './migration-script.js';
import { ScriptRun } from './run-script.js';

/** Moves the schema by single migrations, and records what became of each. The caller holds the migrations' lock. */
export class MigrationRun {
  constructor(
    private readonly session: Session,
    private readonly config: DatabaseConfig,
    private readonly journal: MigrationJournal,
    private readonly log: Logger,
  ) {}

  async apply(migration: Migration): Promise<void> {
    const elapsed = stopwatch();
    await this.tellingFailure(migration, async () => {
      if (!migration.up.isTransactional) {
        await this.journal.atomically(() => this.journal.add(migration, 'applying'));
        await this.finishUp(migration, elapsed);
        return;
      }
      await this.script(migration, migration.up).inTransaction(async () => {
        await this.journal.add(migration, 'applied', elapsed());
        await this.journal.tell({ action: 'up', migration, durationMs: elapsed() });
      });
    });
    this.tell('migration applied', migration, elapsed());
  }

  /** @throws MigrationError MIGRATION_ONE_WAY */
  async revert(migration: Migration): Promise<void> {
    const elapsed = stopwatch();
    const down = downOf(migration);
    await this.tellingFailure(migration, async () => {
      if (!down.isTransactional) {
        await this.journal.atomically(() => this.journal.setState(migration.version, 'reverting'));
        await this.finishDown(migration, down, elapsed);
        return;
      }
      await this.script(migration, down).inTransaction(() => this.forget(migration, elapsed()));
    });
    this.tell('migration taken back', migration, elapsed());
  }

  /** What was begun outside a transaction and did not end: from its first statement on, each of which stands a repetition. */
  async finish(migration: Migration, state: 'applying' | 'reverting'): Promise<void> {
    const elapsed = stopwatch();
    await this.tellingFailure(migration, async () => {
      if (state === 'reverting') {
        await this.finishDown(migration, downOf(migration), elapsed);
        return;
      }
      // "if not exists" would take an index whose build was broken off for one that is there.
      await rebuildInvalidIndexes(this.session);
      await this.journal.atomically(() => this.journal.accept(migration));
      await this.finishUp(migration, elapsed);
    });
  }

  private async finishUp(migration: Migration, elapsed: () => number): Promise<void> {
    await this.script(migration, migration.up).statementByStatement();
    await this.journal.atomically(async () => {
      await this.journal.setState(migration.version, 'applied', elapsed());
      await this.journal.tell({ action: 'up', migration, durationMs: elapsed() });
    });
  }

  private async finishDown(migration: Migration, down: MigrationScript, elapsed: () => number): Promise<void> {
    await this.script(migration, down).statementByStatement();
    await this.journal.atomically(() => this.forget(migration, elapsed()));
  }

  private async forget(migration: Migration, durationMs: number): Promise<void> {
    await this.journal.remove(migration.version);
    await this.journal.tell({ action: 'down', migration, durationMs });
  }

  private tell(what: string, { version, name }: Migration, tookMs: number): void {
    this.log.info(what, { version, name, tookMs });
  }

  private script({ version }: Migration, script: MigrationScript): ScriptRun {
    return new ScriptRun(this.session, this.config, version, script);
  }

  private async tellingFailure(migration: Migration, work: () => Promise<void>): Promise<void> {
    const elapsed = stopwatch();
    try {
      await work();
    } catch (error) {
      // Where the connection is gone, so is the means to tell it.
      if (this.session.isUsable) {
        const event = { action: 'failure', migration, durationMs: elapsed(), reason: reasonOf(error) } as const;
        await this.journal.tell(event).catch(() => undefined);
      }
      throw error;
    }
  }
}

/** The codes of an error and of what is behind it, down to what PostgreSQL named. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error instanceof PostgresFault) return error.message;
  // It says no more than the fault in it.
  if (error instanceof DatabaseError && error.cause !== undefined) return reasonOf(error.cause);
  const said = error instanceof BlotterError ? error.code : error.name;
  return error.cause === undefined ? said : `${said}, ${reasonOf(error.cause)}`;
}

function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => Math.round(performance.now() - startedAt);
}
