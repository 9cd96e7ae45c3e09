import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { Database } from '../src/database/database.js';
import type { DatabaseSettings } from '../src/database/database-config.js';
import { Migrator, type MigratorOptions } from '../src/migrations/migrator.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** An empty database and a folder of migrations, for a test of the migrator; both go with the test. */
export class MigrationStage implements AsyncDisposable {
  static async open(): Promise<MigrationStage> {
    const storage = await createTestDatabase({ empty: true });
    const database = await Database.connect(storage.configWith({ maxPoolSize: 4, minPoolSize: 0 }));
    return new MigrationStage(storage, database, await mkdtemp(join(tmpdir(), 'blotter-migrations-')));
  }

  private constructor(
    readonly storage: TestDatabase,
    readonly database: Database,
    readonly folder: string,
  ) {}

  /** Of its database, for who connects in another way. */
  get url(): string {
    const url = new URL(inject('serverUrl'));
    url.pathname = `/${this.storage.config.settings.name}`;
    return url.href;
  }

  migrator(settings: DatabaseSettings = {}, options: MigratorOptions = {}): Migrator {
    return new Migrator(this.storage.configWith(settings), { folder: this.folder, ...options });
  }

  /** Writes 0001_name.sql, and 0001_name.down.sql where there is one. */
  async write(name: string, up: string, down?: string): Promise<void> {
    await writeFile(join(this.folder, `${name}.sql`), up);
    if (down !== undefined) await writeFile(join(this.folder, `${name}.down.sql`), down);
  }

  async remove(name: string): Promise<void> {
    for (const file of [`${name}.sql`, `${name}.down.sql`]) await rm(join(this.folder, file), { force: true });
  }

  query<Row>(text: string, parameters: readonly string[] = []): Promise<readonly Row[]> {
    return this.database.query<Row>(text, parameters);
  }

  /** What the history says, oldest first: "up 0001", "failure 0002: MIGRATION_FAILED, SQLSTATE 22012". */
  async history(): Promise<readonly string[]> {
    const rows = await this.query<{ line: string }>(
      `select action || ' ' || version || coalesce(': ' || reason, '') as line from schema_migration_history order by id`,
    );
    return rows.map(({ line }) => line);
  }

  /** The tables of the test, without the migrator's own. */
  async tables(): Promise<readonly string[]> {
    const rows = await this.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'schema\\_migration%' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close();
    await this.storage.drop();
    await rm(this.folder, { recursive: true });
  }
}
