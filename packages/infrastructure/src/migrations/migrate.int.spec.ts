import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { Migrator } from './migrator.js';

describe('Migrator.up', () => {
  let storage: TestDatabase;
  let database: Database;
  let folder: string;

  beforeEach(async () => {
    storage = await createTestDatabase({ empty: true });
    database = await Database.connect(storage.configWith({ maxPoolSize: 2 }));
    folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
  });
  afterEach(async () => {
    await database.close();
    await storage.drop();
    await rm(folder, { recursive: true });
  });

  it('refuses a database whose schema_migrations is another tool’s, in words, and changes nothing', async () => {
    await database.query('create table schema_migrations (id bigint primary key)');
    await expect(new Migrator(storage.config).up()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('not Blotter’s') as string,
    });
    expect(await database.query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([
      { tablename: 'schema_migrations' },
    ]);
  });

  it('gives a migration the time it needs, whatever a command may take', async () => {
    await writeFile(join(folder, '0000_long.sql'), 'select pg_sleep(0.4); create table done ();');
    await new Migrator(storage.configWith({ commandTimeoutMs: 100, lockTimeoutMs: 100 }), { folder }).up();
    expect(await database.query(`select to_regclass('done')::text as found`)).toEqual([{ found: 'done' }]);
  });

  it('says what a migration failed of, and leaves nothing of it behind', async () => {
    await writeFile(join(folder, '0000_wrong.sql'), 'create table half (); select 1 / 0;');
    await expect(new Migrator(storage.config, { folder }).up()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      cause: { sqlState: '22012' },
    });
    expect(await database.query(`select to_regclass('half') as found`)).toEqual([{ found: null }]);
  });

  it('says that the server is not to be had when it ends the session in the middle', async () => {
    await writeFile(
      join(folder, '0000_cut.sql'),
      'create table half (); select pg_terminate_backend(pg_backend_pid());',
    );
    await expect(new Migrator(storage.config, { folder }).up()).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    expect(await database.query(`select to_regclass('half') as found`)).toEqual([{ found: null }]);
  });
});
