import { readFileSync } from 'node:fs';
import type { DatabaseConfig } from '../database/database-config.js';
import type { Session } from '../database/session.js';
import { findTables, refuseOthers, TABLES } from './journal-tables.js';
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

/** The two tables in which the migrator keeps what it did; its own affair, and in no migration. */
export class MigrationJournal {
  constructor(
    private readonly session: Session,
    private readonly config: DatabaseConfig,
  ) {}

  /** Makes the tables, or what they lack. @throws as `findTables`; ConfigurationError for tables of somebody else */
  async prepare({ besideOthers = false }: { readonly besideOthers?: boolean } = {}): Promise<void> {
    const { settings } = this.config;
    let found = await findTables(this.session, this.config);
    if (found.isMissingSchema && settings.schema !== undefined) {
      // Not `if not exists`, for which the role needs the right to make schemas even where there is nothing to make.
      await this.session.query(`create schema "${settings.schema}"`);
      found = await findTables(this.session, this.config);
    }
    refuseOthers(found, besideOthers);
    if (!found.complete)
      await this.atomically(async () => {
        await this.session.query(TABLES);
      });
  }

  /** What is applied, in order; also of a table that has not grown yet, and nothing where there is none. @throws as `prepare` */
  async records(): Promise<readonly MigrationRecord[]> {
    const found = await findTables(this.session, this.config);
    refuseOthers(found, true);
    if (!found.exists) return [];
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
