import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { Session } from '../database/session.js';

let stage: MigrationStage;

const INDEX = '-- blotter: no-transaction\ncreate unique index concurrently if not exists rows_id_key on rows (id);';
const DROP = '-- blotter: no-transaction\ndrop index concurrently if exists rows_id_key;';

beforeEach(async () => {
  stage = await MigrationStage.open();
  await stage.write('0001_rows', 'create table rows (id int);', 'drop table rows;');
  await stage.write('0002_index', INDEX, DROP);
});
afterEach(() => stage[Symbol.asyncDispose]());

const isValid = async () =>
  (
    await stage.query<{ valid: boolean }>(
      `select indisvalid as valid from pg_index where indexrelid = 'rows_id_key'::regclass`,
    )
  )[0]?.valid;

describe('a file that runs outside a transaction', () => {
  test('goes up and down', async () => {
    await stage.migrator().up();
    expect(await isValid()).toBe(true);
    expect((await stage.migrator().down()).current).toBe('0001');
    expect(await stage.query(`select to_regclass('rows_id_key') as found`)).toEqual([{ found: null }]);
  });

  test('that fails is marked, and refused until repair has built its index again', async () => {
    await stage.migrator().up({ to: '0001' });
    await stage.query('insert into rows values (1), (1)');
    await expect(stage.migrator().up()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      version: '0002',
      message: expect.stringContaining('run repair') as string,
    });
    expect(await isValid()).toBe(false);
    expect((await stage.migrator().verify()).map(({ code }) => code)).toEqual([
      'MIGRATION_UNFINISHED',
      'INDEX_INVALID',
    ]);
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_UNFINISHED', version: '0002' });
    await expect(stage.migrator().repair()).rejects.toMatchObject({ code: 'DUPLICATE' });

    await stage.query('delete from rows');
    expect(await stage.migrator().repair()).toMatchObject({
      finished: [{ version: '0002', name: 'index' }],
      rebuilt: expect.arrayContaining(['rows_id_key']) as string[],
    });
    expect(await isValid()).toBe(true);
    expect(await stage.migrator().verify()).toEqual([]);
    expect((await stage.history()).filter((line) => line.endsWith('0002'))).toEqual(['up 0002', 'repair 0002']);
  });

  test('that cannot be finished is taken back by down, as far as it came', async () => {
    await stage.migrator().up({ to: '0001' });
    await stage.query('insert into rows values (1), (1)');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect((await stage.migrator().down()).current).toBe('0001');
    expect(await stage.migrator().verify()).toEqual([]);
    expect(await stage.query(`select to_regclass('rows_id_key') as found`)).toEqual([{ found: null }]);
  });

  test('says to run repair when others are in its way throughout its patience', async () => {
    await stage.write('0003_wide', '-- blotter: no-transaction\nalter table rows add column if not exists wide int;');
    await stage.migrator().up({ to: '0002' });
    await using blocker = {
      session: await Session.connect(stage.storage.config),
      [Symbol.asyncDispose]: () => blocker.session.close(),
    };
    await blocker.session.query('begin; select * from rows');
    await expect(stage.migrator({ migrationLockTimeoutMs: 20, migrationPatienceMs: 40 }).up()).rejects.toMatchObject({
      code: 'MIGRATION_BLOCKED',
      message: expect.stringContaining('run repair') as string,
    });
    await blocker.session.query('commit');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0003', name: 'wide' }]);
  });

  test('may be corrected before repair finishes it', async () => {
    await stage.write('0003_two', '-- blotter: no-transaction\nselect 1;\n--> statement-breakpoint\nselect 1 / 0;');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', version: '0003' });
    await stage.write('0003_two', '-- blotter: no-transaction\nselect 1;\n--> statement-breakpoint\nselect 1 / 1;');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0003', name: 'two' }]);
    expect((await stage.migrator().up()).current).toBe('0003');
  });

  test('whose way down was broken off is finished by repair', async () => {
    await stage.write('0002_index', INDEX, `${DROP}\n--> statement-breakpoint\ninsert into gate values (1);`);
    await stage.migrator().up();
    await expect(stage.migrator().down()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect((await stage.migrator().status()).at(-1)).toMatchObject({ version: '0002', state: 'unfinished' });
    await expect(stage.migrator().down()).rejects.toMatchObject({ code: 'MIGRATION_UNFINISHED', version: '0002' });
    await stage.query('create table gate (id int)');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0002', name: 'index' }]);
    expect((await stage.migrator().status()).at(-1)).toMatchObject({ version: '0002', state: 'pending' });
  });
});

test('an invalid index of whatever origin is found by verify and built again by repair', async () => {
  await stage.migrator().up({ to: '0001' });
  await stage.query('insert into rows values (1), (1)');
  await expect(stage.query('create unique index concurrently by_hand on rows (id)')).rejects.toThrow();
  expect((await stage.migrator().verify()).map(({ code }) => code)).toEqual(['INDEX_INVALID']);
  await stage.query('delete from rows');
  expect((await stage.migrator().repair()).rebuilt).toEqual(['by_hand']);
  expect(await stage.migrator().verify()).toEqual([]);
});

test('an invalid index that a rebuilding left beside the real one is dropped by repair', async () => {
  await stage.migrator().up({ to: '0001' });
  await stage.query('insert into rows values (1), (1)');
  await expect(stage.query('create unique index concurrently by_hand_ccnew on rows (id)')).rejects.toThrow();
  await stage.migrator().repair();
  expect(await stage.query(`select to_regclass('by_hand_ccnew') as found`)).toEqual([{ found: null }]);
});

test('an invalid index of another schema is nobody’s business here', async () => {
  await stage.migrator().up({ to: '0001' });
  await stage.query('create schema elsewhere');
  await stage.query('create table elsewhere.rows as select 1 as id from generate_series(1, 2)');
  await expect(stage.query('create unique index concurrently on elsewhere.rows (id)')).rejects.toThrow();
  expect(await stage.migrator().verify()).toEqual([]);
});

test('an index that somebody is building is left alone', async () => {
  await stage.migrator().up({ to: '0001' });
  const [writer, builder] = await Promise.all([
    Session.connect(stage.storage.config),
    Session.connect(stage.storage.config),
  ]);
  await writer.query('begin; insert into rows values (1)');
  const building = builder.query('create index concurrently by_hand on rows (id)');
  const phase = () => stage.query('select phase from pg_stat_progress_create_index where datname = current_database()');
  await expect.poll(phase, { timeout: 30_000 }).toEqual([{ phase: 'waiting for writers before build' }]);
  expect(await stage.migrator().verify()).toEqual([]);
  await writer.query('commit');
  await building;
  await Promise.all([writer.close(), builder.close()]);
});
