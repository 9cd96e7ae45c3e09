import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { readMigrations } from './migration-files.js';
import { Migrator } from './migrator.js';

let storage: TestDatabase;
let folder: string;

beforeAll(async () => {
  storage = await createTestDatabase({ empty: true });
  folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await storage.drop();
});

async function query<Row>(text: string): Promise<readonly Row[]> {
  const database = await Database.connect(storage.config);
  try {
    return await database.query<Row>(text);
  } finally {
    await database.close();
  }
}

const recorded = () =>
  query<{ version: string }>('select version, name, checksum from schema_migrations order by version');

describe('migrations that are loaded from a folder', () => {
  test('are applied in the order of their versions, and recorded with version, name and checksum', async () => {
    await writeFile(join(folder, '0002_second.sql'), 'insert into steps values (2);');
    await writeFile(join(folder, '0001_first.sql'), 'create table steps (step int); insert into steps values (1);');
    await writeFile(join(folder, '0003_third.sql'), 'insert into steps values (3);');
    await writeFile(join(folder, 'notes.md'), 'not a migration');

    expect(await new Migrator(storage.config, { folder }).up()).toEqual({
      reverted: [],
      applied: [
        { version: '0001', name: 'first' },
        { version: '0002', name: 'second' },
        { version: '0003', name: 'third' },
      ],
      current: '0003',
    });
    expect(await query('select step from steps')).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
    const files = await readMigrations(folder);
    expect(await recorded()).toEqual(files.map(({ version, name, up }) => ({ version, name, checksum: up.checksum })));
    expect(files.map(({ up }) => /^[0-9a-f]{64}$/.test(up.checksum))).toEqual([true, true, true]);
  });

  test('are applied once: the next run goes on from the latest, and has nothing to do when there is none', async () => {
    await writeFile(join(folder, '0004_fourth.sql'), 'insert into steps values (4);');

    expect(await new Migrator(storage.config, { folder }).up()).toEqual({
      reverted: [],
      applied: [{ version: '0004', name: 'fourth' }],
      current: '0004',
    });
    expect(await new Migrator(storage.config, { folder }).up()).toEqual({ reverted: [], applied: [], current: '0004' });
    expect(await query('select count(*)::int as steps from steps')).toEqual([{ steps: 4 }]);
    expect((await recorded()).map(({ version }) => version)).toEqual(['0001', '0002', '0003', '0004']);
  });

  test('are each a transaction: of two that are pending, the first stays when the second fails', async () => {
    await writeFile(join(folder, '0005_fifth.sql'), 'insert into steps values (5);');
    await writeFile(join(folder, '0006_sixth.sql'), 'insert into steps values (6); insert into steps values (1 / 0);');

    await expect(new Migrator(storage.config, { folder }).up()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      cause: { sqlState: '22012' },
    });
    expect(await query('select max(step) as step from steps')).toEqual([{ step: 5 }]);
    expect((await recorded()).at(-1)).toMatchObject({ version: '0005' });

    await writeFile(join(folder, '0006_sixth.sql'), 'insert into steps values (6);');
    expect((await new Migrator(storage.config, { folder }).up()).applied).toEqual([{ version: '0006', name: 'sixth' }]);
  });
});
