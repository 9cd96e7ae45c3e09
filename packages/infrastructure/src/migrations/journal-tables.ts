import { ConfigurationError, DatabaseError } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import type { Session } from '../database/session.js';
import { MigrationError } from './migration-error.js';

/** The first four columns are those of the versions before 0.2, whose table grows into the present one. */
export const TABLES = `
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

/** A name in the book's own schema, which is the first that the session looks at. */
const own = (name: string) => `to_regclass(quote_ident(current_schema()) || '.${name}')`;

/** What is there of the two tables, and what the role may do about them. */
export interface FoundTables {
  /** As SQL has it, in quotes where it needs them. */
  readonly role: string;
  readonly searchPath: string;
  readonly database: string;
  /** The one that the session works in; null where there is none, or none that the role may look into. */
  readonly schema: string | null;
  readonly isMissingSchema: boolean;
  readonly exists: boolean;
  /** Whether schema_migrations has the columns that ours always had. */
  readonly ours: boolean;
  readonly complete: boolean;
  readonly owner: string | null;
  readonly mayCreate: boolean;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  /** All that are in the schema. */
  readonly tables: number;
}

const FIND = `
select quote_ident(current_user) as role, current_database() as database, current_schema() as schema,
       current_setting('search_path') as "searchPath",
       current_schema() is null and not exists (select from pg_namespace where nspname = $1) as "isMissingSchema",
       records.oid is not null as exists,
       (select count(*) = 4 from pg_attribute where attrelid = records.oid and not attisdropped
        and attname in ('version', 'name', 'checksum', 'applied_at')) as ours,
       history.oid is not null as complete,
       pg_get_userbyid(records.relowner) as owner,
       coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
       coalesce(has_table_privilege(records.oid, 'select'), true) as "mayRead",
       coalesce(has_table_privilege(records.oid, 'insert') and has_table_privilege(records.oid, 'update')
         and has_table_privilege(records.oid, 'delete') and has_table_privilege(history.oid, 'insert'), false) as "mayWrite",
       (select count(*)::int from pg_tables where schemaname = current_schema()) as tables
from (select) as nothing
  left join pg_class as records on records.oid = ${own('schema_migrations')}
  left join pg_class as history on history.oid = ${own('schema_migration_history')}`;

/**
 * @throws MigrationError MIGRATION_FORBIDDEN, ConfigurationError for what the role may not look at, or would not look for there:
 * it must not be taken for what is not there
 */
export async function findTables(session: Session, { settings }: DatabaseConfig): Promise<FoundTables> {
  const { rows } = await session.query<FoundTables>(FIND, [settings.schema ?? '']);
  const [found] = rows;
  if (!found) throw new Error('A row of subqueries is always there.');
  if (found.schema !== null && settings.schema !== undefined && found.schema !== settings.schema) {
    throw new ConfigurationError(
      `The session works in the schema ${found.schema}, and DATABASE_SCHEMA is ${settings.schema}: what is between keeps search_path to itself. Connect to PostgreSQL itself.`,
    );
  }
  if (found.schema === null && settings.schema === undefined) {
    throw new ConfigurationError(
      `There is no schema that the role ${found.role} may use: its search_path is ${found.searchPath}. Make one and grant usage on it, or name one in DATABASE_SCHEMA.`,
    );
  }
  if (found.schema === null && !found.isMissingSchema) {
    const schema = settings.schema ?? '';
    throw forbidden(found, `use the schema ${schema}`, `grant usage, create on schema "${schema}" to ${found.role}`);
  }
  if (!found.mayRead) {
    const grant = `grant select on "${found.schema ?? ''}".schema_migrations to ${found.role}`;
    throw forbidden(found, 'read schema_migrations', grant);
  }
  return found;
}

/** @throws ConfigurationError for a schema that holds tables of somebody else; beside others, only for one of this name */
export function refuseOthers({ exists, ours, tables }: FoundTables, besideOthers: boolean): void {
  if (ours || (!exists && (besideOthers || tables === 0))) return;
  const what = exists
    ? 'a table schema_migrations that is not Blotter’s but another tool’s'
    : 'tables that are not Blotter’s';
  throw new ConfigurationError(
    `This database holds ${what}. Create an empty database for the book and name it in DATABASE_URL, or a schema and name it in DATABASE_SCHEMA.`,
  );
}

/** What the role may not do, and who can let it; anything but SQLSTATE 42501 stays as it is. The transaction must have ended. */
export async function explainForbidden(session: Session, config: DatabaseConfig, error: unknown): Promise<unknown> {
  if (!(error instanceof DatabaseError && error.sqlState === '42501') || !session.isUsable) return error;
  const found = await findTables(session, config);
  const { role, database, schema, owner } = found;
  const wanted = config.settings.schema ?? '';
  if (schema === null) {
    return forbidden(found, `make the schema ${wanted}`, `create schema "${wanted}" authorization ${role}`, error);
  }
  if (!found.complete && !found.mayCreate) {
    return forbidden(
      found,
      `make tables in the schema ${schema}`,
      `grant create on schema "${schema}" to ${role}`,
      error,
    );
  }
  // Then it was said of something else.
  if (found.complete && found.mayWrite) return error;
  return new MigrationError(
    'MIGRATION_FORBIDDEN',
    undefined,
    `The role ${role} may not write schema_migrations in the database ${database}. Migrate as its owner, ${owner ?? 'unknown'}.`,
    { cause: error },
  );
}

function forbidden({ role, database }: FoundTables, what: string, grant: string, cause?: unknown): MigrationError {
  return new MigrationError(
    'MIGRATION_FORBIDDEN',
    undefined,
    `The role ${role} may not ${what} in the database ${database}. Let its owner run there: ${grant};`,
    { cause },
  );
}
