import { silentLogger, type Logger } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import { carefulLogger } from '../telemetry/careful-logger.js';
import { invalidIndexes } from './invalid-indexes.js';
import { MigrationError } from './migration-error.js';
import { readMigrations, type Migration } from './migration-files.js';
import { MigrationJournal, type MigrationRecord } from './migration-journal.js';
import { underMigrationLock } from './migration-lock.js';
import {
  pendingOf,
  plannedOf,
  refuseLoss,
  refuseOthersThan,
  revertedBy,
  type PlannedMigration,
} from './migration-plan.js';
import { problemsOf, requireSound } from './migration-problems.js';
import { namesOf, type MigrationReport, type RepairReport } from './migration-report.js';
import { MigrationRun } from './migration-run.js';
import { DAY_MS, withMigrationSession } from './migration-session.js';
import { statusOf, type MigrationStatus } from './migration-status.js';
import { repair, type MigrationWork } from './repair.js';

export interface MigratorOptions {
  /** Where the migrations are; those of this package, unless said otherwise. */
  readonly folder?: string | undefined;
  /** Milliseconds that a runner waits for another one; a day, unless said otherwise: a data migration may take hours. */
  readonly waitMs?: number | undefined;
  /** Told of each migration that was applied or taken back; docs/telemetry.md. */
  readonly logger?: Logger | undefined;
}

interface GoingBack {
  /** Versions whose down file names a loss, and which are taken back all the same. */
  readonly acceptLoss?: readonly string[] | undefined;
  /** What is to be taken back, as `plan` has shown it: newest first. When it would be others by now, nothing is done. */
  readonly expected?: readonly string[] | undefined;
}

interface Target {
  /** The version to be at afterwards; `down` also takes '0', for before all. */
  readonly to?: string | undefined;
}

/**
 * Moves a book's schema forward and back: each migration once, in order, in a transaction of its own unless its file says
 * otherwise, whoever else runs or uses the tables at the same time; docs/migrations.md. Each call has a session of its own.
 * @throws MigrationError, ConfigurationError behind a pooler, ConnectionError
 */
export class Migrator {
  private readonly log: Logger;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly options: MigratorOptions = {},
  ) {
    this.log = carefulLogger(options.logger ?? silentLogger);
  }

  /** Applies what is missing, up to and with a version, or all of it. */
  up({ to }: Target = {}): Promise<MigrationReport> {
    return this.alone(async ({ migrations, journal, run }) => {
      const pending = pendingOf(migrations, await soundRecords('up', migrations, journal), to);
      for (const migration of pending) await run.apply(migration);
      return reportOf(journal, [], pending);
    });
  }

  /** Takes the newest migration back, or all after a version, newest first. Whether it can is checked before it begins. */
  down({ to, ...options }: Target & GoingBack = {}): Promise<MigrationReport> {
    return this.alone(async ({ migrations, journal, run }) => {
      const records = await soundRecords('down', migrations, journal);
      const reverted = revertedBy(migrations, records, to);
      refuseUnwanted(reverted, options);
      for (const migration of reverted) await run.revert(migration);
      return reportOf(journal, reverted, []);
    });
  }

  /** Takes the newest migration back and applies it again: for one that is being written. */
  redo(options: GoingBack = {}): Promise<MigrationReport> {
    return this.alone(async ({ migrations, journal, run }) => {
      const newest = revertedBy(migrations, await soundRecords('redo', migrations, journal));
      refuseUnwanted(newest, options);
      for (const migration of newest) {
        await run.revert(migration);
        await run.apply(migration);
      }
      return reportOf(journal, newest, newest);
    });
  }

  /** Records migrations up to a version as applied, without running them: for a schema that came about in another way. */
  baseline({ to }: Required<Target>): Promise<MigrationReport> {
    return this.alone(
      async ({ migrations, journal }) => {
        if ((await journal.records()).length > 0) throw notEmpty();
        const taken = pendingOf(migrations, [], to);
        await journal.atomically(async () => {
          for (const migration of taken) {
            await journal.add(migration, 'applied');
            await journal.tell({ action: 'baseline', migration });
          }
        });
        return reportOf(journal, [], taken);
      },
      { besideOthers: true },
    );
  }

  /**
   * Finishes what was begun outside a transaction and broken off, builds invalid indexes again, and takes the present files
   * of the versions that `accept` names for those that were applied.
   */
  repair({ accept = [] }: { readonly accept?: readonly string[] | undefined } = {}): Promise<RepairReport> {
    return this.alone((work) => repair(work, accept));
  }

  /** Every migration of the folder and of the database, in order. Changes nothing. */
  async status(): Promise<readonly MigrationStatus[]> {
    const migrations = await readMigrations(this.options.folder);
    return statusOf(migrations, await this.records());
  }

  /** What `up`, `down` or `redo` would run, or the error that they would begin with. Changes nothing. */
  async plan(way: 'up' | 'down' | 'redo', { to }: Target = {}): Promise<readonly PlannedMigration[]> {
    const migrations = await readMigrations(this.options.folder);
    const records = await this.records();
    requireSound(way, migrations, records);
    return plannedOf(way, migrations, records, to);
  }

  /** Everything that is wrong with the files and with what they made, not only the first. Changes nothing. */
  async verify(): Promise<readonly MigrationError[]> {
    return withMigrationSession(this.config, async (session) => {
      const records = await new MigrationJournal(session, this.config).records();
      const indexes = (await invalidIndexes(session)).map(({ name }) => invalidIndex(name));
      try {
        return [...problemsOf(await readMigrations(this.options.folder), records), ...indexes];
      } catch (error) {
        // Files that cannot be read as migrations cannot be compared either.
        if (error instanceof MigrationError) return [error, ...indexes];
        throw error;
      }
    });
  }

  private records(): Promise<readonly MigrationRecord[]> {
    return withMigrationSession(this.config, (session) => new MigrationJournal(session, this.config).records());
  }

  private async alone<Result>(
    work: (work: MigrationWork) => Promise<Result>,
    options: { readonly besideOthers?: boolean } = {},
  ): Promise<Result> {
    const migrations = await readMigrations(this.options.folder);
    return withMigrationSession(this.config, (session) =>
      underMigrationLock(session, this.options.waitMs ?? DAY_MS, async () => {
        const journal = new MigrationJournal(session, this.config);
        await journal.prepare(options);
        return work({ session, journal, migrations, run: new MigrationRun(session, this.config, journal, this.log) });
      }),
    );
  }
}

/** What is applied. @throws MigrationError for the first thing that does not agree with the files */
async function soundRecords(
  way: 'up' | 'down' | 'redo',
  migrations: readonly Migration[],
  journal: MigrationJournal,
): Promise<readonly MigrationRecord[]> {
  const records = await journal.records();
  requireSound(way, migrations, records);
  return records;
}

function refuseUnwanted(reverted: readonly Migration[], { acceptLoss = [], expected }: GoingBack): void {
  if (expected) refuseOthersThan(expected, reverted);
  refuseLoss(reverted, acceptLoss);
}

async function reportOf(
  journal: MigrationJournal,
  reverted: readonly Migration[],
  applied: readonly Migration[],
): Promise<MigrationReport> {
  const current = (await journal.records()).at(-1)?.version;
  return { reverted: namesOf(reverted), applied: namesOf(applied), current };
}

function notEmpty(): MigrationError {
  return new MigrationError(
    'SCHEMA_NOT_EMPTY',
    undefined,
    'Migrations are recorded in this database already, so there is nothing to begin from. Run up.',
  );
}

function invalidIndex(name: string): MigrationError {
  return new MigrationError(
    'INDEX_INVALID',
    undefined,
    `The build of the index ${name} was broken off; no query uses it, and every write pays for it. Run repair.`,
  );
}
