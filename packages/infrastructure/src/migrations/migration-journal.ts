import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import type { Session } from '../database/session.js';
import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-files.js';
import { patiently } from './patience.js';

/** `applying` and `reverting`: a script outside a transaction was begun, and nobody recorded its end. */
export type MigrationState = 'applied' | 'applying' | 'reverting';

/** A row of schema_migrations. */
export interface MigrationRecord {
  readonly version: string;
  readonly name: string;
  /** Of the two files, as they were. No checksum of a down file: there was none, and one that came later is as good. */
  readonly checksum: string;
  readonly downChecksum: string | undefined;
  readonly state: MigrationState;
  readonly appliedAt: string;
  /** Unknown where the version of Blotter that applied it did not keep them. */
  readonly appliedBy: string | undefined;
  readonly durationMs: number | undefined;
  readonly toolVersion: string | undefined;
}

/** What is kept of a run, in schema_migration_history. */
export interface MigrationEvent {
  readonly action: 'up' | 'down' | 'repair' | 'baseline' | 'failure';
  readonly migration: Pick<Migration, 'version' | 'name'>;
  readonly durationMs?: number | undefined;
  /** Of a failure: its code, or what PostgreSQL said. */
  readonly reason?: string | undefined;
}

const { version: TOOL_VERSION } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** A name in the book's own schema, which is the first that the session looks at. */
const own = (name: string) => `to_regclass(quote_ident(current_schema()) || '.${name}')`;

/** The first four columns are those of the versions before 0.2, whose table grows into the present one. */
const TABLES = `
create table if not exists schema_migrations (
  version text primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp()
);
alter table schema_migrations
  add column if not exists down_checksum text,
  add column if not exists applied_by text,
  add column if not exists duration_ms bigint,
  add column if not exists tool_version text,
  add column if not exists state text not null default 'applied' check (state in ('applied', 'applying', 'reverting'));
create table if not exists schema_migration_history (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  by text not null default session_user,
  action text not null check (action in ('up', 'down', 'repair', 'baseline', 'failure')),
  version text not null,
  name text not null,
  duration_ms bigint,
  tool_version text not null,
  reason text
);
create or replace function refuse_history_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'restrict_violation', message = 'the history of migrations is append-only',
    table = tg_table_name, constraint = 'schema_migration_history_append_only';
end
$$;
create trigger schema_migration_history_append_only before update or delete or truncate on schema_migration_history
  for each statement execute function refuse_history_change();`;

/** The two tables in which the migrator keeps what it did; its own affair, and in no migration. */
export class MigrationJournal {
  constructor(
    private readonly session: Session,
    private readonly config: DatabaseConfig,
  ) {}

  /** Makes the tables, or what they lack. @throws ConfigurationError for a schema that holds tables of somebody else */
  async prepare(options: { readonly besideOthers?: boolean } = {}): Promise<void> {
    await this.makeSchema();
    const { rows } = await this.session.query<{ ours: boolean; complete: boolean; tables: number }>(
      `select (select count(*) = 4 from pg_attribute where attrelid = ${own('schema_migrations')} and not attisdropped
               and attname in ('version', 'name', 'checksum', 'applied_at')) as ours,
              ${own('schema_migration_history')} is not null as complete,
              (select count(*)::int from pg_tables where schemaname = current_schema()
               and ($1 = 'false' or tablename = 'schema_migrations')) as tables`,
      [String(options.besideOthers ?? false)],
    );
    const [found] = rows;
    if (found && !found.ours && found.tables > 0) {
      throw new ConfigurationError(
        'This database holds tables that are not Blotter’s. Create an empty database for the book and name it in DATABASE_URL, or a schema and name it in DATABASE_SCHEMA.',
      );
    }
    if (!found?.complete)
      await this.atomically(async () => {
        await this.session.query(TABLES);
      });
  }

  /** Not `if not exists`, for which the role needs the right to make schemas even where there is nothing to make. */
  private async makeSchema(): Promise<void> {
    const { rows } = await this.session.query<{ missing: boolean }>('select current_schema() is null as missing');
    const { schema } = this.config.settings;
    if (schema !== undefined && rows[0]?.missing) await this.session.query(`create schema "${schema}"`);
  }

  /** What is applied, in order; also of a table that has not grown yet, and nothing where there is none. */
  async records(): Promise<readonly MigrationRecord[]> {
    const { rows: found } = await this.session.query<{ found: boolean }>(
      `select ${own('schema_migrations')} is not null as found`,
    );
    if (!found[0]?.found) return [];
    const { rows } = await this.session.query<{ row: string }>(
      'select to_jsonb(applied)::text as row from schema_migrations as applied order by version',
    );
    return rows.map(({ row }) => recordOf(JSON.parse(row) as Row));
  }

  async add({ version, name, up, down }: Migration, state: MigrationState, durationMs?: number): Promise<void> {
    await this.session.query(
      `insert into schema_migrations (version, name, checksum, down_checksum, applied_by, duration_ms, tool_version, state)
       values ($1, $2, $3, nullif($4, ''), session_user, nullif($5, '')::bigint, $6, $7)`,
      [version, name, up.checksum, down?.checksum ?? '', String(durationMs ?? ''), TOOL_VERSION, state],
    );
  }

  async setState(version: string, state: MigrationState, durationMs?: number): Promise<void> {
    await this.session.query(
      `update schema_migrations set state = $2, duration_ms = coalesce(nullif($3, '')::bigint, duration_ms) where version = $1`,
      [version, state, String(durationMs ?? '')],
    );
  }

  /** What is recorded together, or not at all; whoever reads these tables meanwhile is waited for. @throws MigrationError MIGRATION_BLOCKED */
  atomically(work: () => Promise<void>): Promise<void> {
    return patiently(
      this.config,
      async () => {
        await this.session.query('begin');
        try {
          await work();
          await this.session.query('commit');
        } catch (error) {
          if (this.session.isUsable) await this.session.query('rollback').catch(() => undefined);
          throw error;
        }
      },
      (cause) =>
        new MigrationError(
          'MIGRATION_BLOCKED',
          undefined,
          `schema_migrations was in use by others whenever it was tried, for ${this.config.settings.migrationPatienceMs} ms. ` +
            'Look in pg_stat_activity for transactions that stay open, and run it again.',
          { cause },
        ),
    );
  }

  /** Takes the files as they are now for those that were applied. */
  async accept({ version, up, down }: Migration): Promise<void> {
    await this.session.query(
      `update schema_migrations set checksum = $2, down_checksum = nullif($3, '') where version = $1`,
      [version, up.checksum, down?.checksum ?? ''],
    );
  }

  async remove(version: string): Promise<void> {
    await this.session.query('delete from schema_migrations where version = $1', [version]);
  }

  async tell({ action, migration, durationMs, reason }: MigrationEvent): Promise<void> {
    await this.session.query(
      `insert into schema_migration_history (action, version, name, duration_ms, tool_version, reason)
       values ($1, $2, $3, nullif($4, '')::bigint, $5, nullif($6, ''))`,
      [action, migration.version, migration.name, String(durationMs ?? ''), TOOL_VERSION, reason ?? ''],
    );
  }
}

/** As JSON has it: a table that has not grown yet has the first four columns alone. */
interface Row {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  readonly applied_at: string;
  readonly down_checksum?: string | null;
  readonly applied_by?: string | null;
  readonly duration_ms?: number | null;
  readonly tool_version?: string | null;
  readonly state?: MigrationState;
}

function recordOf(row: Row): MigrationRecord {
  return {
    version: row.version,
    name: row.name,
    checksum: row.checksum,
    downChecksum: row.down_checksum ?? undefined,
    state: row.state ?? 'applied',
    appliedAt: row.applied_at,
    appliedBy: row.applied_by ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    toolVersion: row.tool_version ?? undefined,
  };
}
