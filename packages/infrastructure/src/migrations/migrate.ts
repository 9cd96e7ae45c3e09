import { ConfigurationError, silentLogger, type Logger } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import { Session } from '../database/session.js';
import { translateError } from '../database/translate-error.js';
import { carefulLogger } from '../telemetry/careful-logger.js';
import { readMigrationFiles, type MigrationFile } from './migration-files.js';

export interface MigrationReport {
  /** What this run applied, in order; empty when the schema was current. */
  readonly applied: readonly { readonly version: string; readonly name: string }[];
  /** The newest version that is applied. */
  readonly current: string;
}

export interface MigrationOptions {
  /** Where the migrations are; those of this package unless said otherwise. */
  readonly folder?: string | undefined;
  /** Told of each migration that was applied. */
  readonly logger?: Logger | undefined;
}

interface AppliedRow {
  readonly version: string;
  readonly checksum: string;
}

/** "BLOTTER" on a telephone's keys: who migrates holds this advisory lock, so two runs never overlap. */
const MIGRATION_LOCK = '2568837';

/** A data migration may take hours, and waits for another run however long that takes; a day is the longest there is. */
const PATIENCE = { commandTimeoutMs: 86_400_000, lockTimeoutMs: 86_400_000, idleInTransactionTimeoutMs: 86_400_000 };

/** What schema_migrations has; a table of that name with other columns is another tool's. */
const COLUMNS = ['applied_at', 'checksum', 'name', 'version'];

/**
 * Brings the schema up to date: each migration once, in order, in a transaction of its own, recorded in schema_migrations.
 * @throws ConfigurationError for a database with tables that are not ours, for a migration that was edited after it was
 * applied, for a schema that is newer than this package, and for a connection through a pooler
 */
export async function migrate(
  config: DatabaseConfig,
  { folder, logger = silentLogger }: MigrationOptions = {},
): Promise<MigrationReport> {
  // The lock that keeps runs apart belongs to a session.
  if (config.settings.pooler !== 'none') {
    throw new ConfigurationError(
      'Migrations need a session of their own: run them on PostgreSQL itself, without DATABASE_POOLER.',
    );
  }
  const files = await readMigrationFiles(folder);
  const session = await Session.connect(config.with(PATIENCE));
  try {
    await session.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await refuseForeignTables(session);
    const applied = await appliedMigrations(session);
    checkHistory(files, applied);
    const pending = files.slice(applied.length);
    for (const file of pending) {
      const startedAt = performance.now();
      await apply(session, file);
      const { version, name } = file;
      carefulLogger(logger).info('migration applied', {
        version,
        name,
        tookMs: Math.round(performance.now() - startedAt),
      });
    }
    return { applied: pending.map(({ version, name }) => ({ version, name })), current: files.at(-1)?.version ?? '' };
  } catch (error) {
    throw translateError(error);
  } finally {
    await session.close();
  }
}

async function refuseForeignTables(session: Session): Promise<void> {
  const { rows } = await session.query<{ tables: number; columns: string }>(
    `select (select count(*)::int from pg_tables where schemaname = current_schema()) as tables,
            array(select column_name::text from information_schema.columns
                  where table_schema = current_schema() and table_name = 'schema_migrations' order by 1)::text as columns`,
  );
  const [found] = rows;
  const isOurs = found?.columns === `{${COLUMNS.join(',')}}`;
  if (found && found.tables > 0 && !isOurs) {
    throw new ConfigurationError(
      'This database holds tables that are not Blotter’s. Create an empty database for the book, and name it in DATABASE_URL.',
    );
  }
}

async function appliedMigrations(session: Session): Promise<readonly AppliedRow[]> {
  await session.query(
    `create table if not exists schema_migrations (
       version text primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  );
  const { rows } = await session.query<AppliedRow>('select version, checksum from schema_migrations order by version');
  return rows;
}

function checkHistory(files: readonly MigrationFile[], applied: readonly AppliedRow[]): void {
  applied.forEach((row, index) => {
    const file = files[index];
    if (!file) {
      throw new ConfigurationError(
        `The database has migration ${row.version}, which this version of Blotter does not know. Update Blotter.`,
      );
    }
    if (file.version !== row.version || file.checksum !== row.checksum) {
      throw new ConfigurationError(
        `Migration ${row.version} was changed after it was applied. Put its file back as it was.`,
      );
    }
  });
}

async function apply(session: Session, file: MigrationFile): Promise<void> {
  await session.query('begin');
  try {
    await session.query(file.sql);
    await session.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      file.version,
      file.name,
      file.checksum,
    ]);
    await session.query('commit');
  } catch (error) {
    // What went wrong is the migration's error; that the connection is gone, and with it the transaction, is not.
    if (session.isUsable) await session.query('rollback').catch(() => undefined);
    throw error;
  }
}
