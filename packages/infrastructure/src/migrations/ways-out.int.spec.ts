import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { Session } from '../database/session.js';

let stage: MigrationStage;

beforeEach(async () => {
  stage = await MigrationStage.open();
  await stage.write('0001_first', 'create table first (id int);', 'drop table first;');
  await stage.write('0003_third', 'create table third (id int);', 'drop table third;');
  await stage.migrator().up();
});
afterEach(() => stage[Symbol.asyncDispose]());

test('redo takes the newest as it is written now, and no other that was edited', async () => {
  await stage.write('0003_third', 'create table third_again (id int);');
  const planned = (await stage.migrator().plan('redo')).map(({ direction, statements }) => [direction, ...statements]);
  expect(planned).toEqual([
    ['down', 'drop table third;'],
    ['up', 'create table third_again (id int);'],
  ]);
  await stage.migrator().redo();
  expect(await stage.tables()).toEqual(['first', 'third_again']);
  expect(await stage.migrator().verify()).toEqual([]);
  await stage.write('0001_first', 'create table first_again (id int);');
  await expect(stage.migrator().redo()).rejects.toMatchObject({ code: 'MIGRATION_EDITED', version: '0001' });
});

test('plan begins with the error that the run would begin with', async () => {
  await stage.write('0002_late', 'select 1;');
  await expect(stage.migrator().plan('up')).rejects.toMatchObject({ code: 'MIGRATION_LATE', version: '0002' });
  expect(await stage.migrator().plan('down')).toMatchObject([{ version: '0003' }]);
  await stage.write('0001_first', 'create table first (id bigint);');
  for (const way of ['up', 'down', 'redo'] as const) {
    await expect(stage.migrator().plan(way)).rejects.toMatchObject({ code: 'MIGRATION_EDITED', version: '0001' });
  }
});

test('repair does nothing when a version that it is to accept is not applied', async () => {
  await stage.write('0001_first', 'create table first (id bigint);');
  await stage.write('0004_fourth', 'select 1;');
  for (const version of ['0004', '0009', '1']) {
    const refused = stage.migrator().repair({ accept: ['0001', version] });
    await expect(refused).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN', version });
  }
  expect((await stage.migrator().verify()).map(({ code }) => code)).toEqual(['MIGRATION_EDITED']);
});

describe('what was looked at before', () => {
  const planned = async (way: 'down' | 'redo', to?: string) =>
    (await stage.migrator().plan(way, { to }))
      .filter(({ direction }) => direction === 'down')
      .map(({ version }) => version);
  const moved = (message: string) => ({ code: 'SCHEMA_MOVED', message: expect.stringContaining(message) as string });

  test('is taken back', async () => {
    expect((await stage.migrator().redo({ expected: await planned('redo') })).current).toBe('0003');
    expect((await stage.migrator().down({ to: '0', expected: await planned('down', '0') })).current).toBeUndefined();
    expect((await stage.migrator().down({ expected: await planned('down') })).reverted).toEqual([]);
  });

  test('and has become another by the time the runner has the lock: nothing is done', async () => {
    const gate = await Session.connect(stage.storage.config);
    await stage.query('create table gate ()');
    await gate.query('begin; lock table gate');
    await stage.write('0004_fourth', 'drop table gate;', 'create table gate ();');
    const expected = await planned('down');
    const others = stage.migrator().up();
    const waits = `select from pg_locks where not granted and relation = 'gate'::regclass`;
    await expect.poll(() => stage.query(waits), { timeout: 20_000 }).toHaveLength(1);
    // Now they hold the lock of the migrations, and these come behind them.
    const late = [
      stage.migrator().down({ expected }),
      stage.migrator().down({ to: '0001', expected }),
      stage.migrator().redo({ expected }),
    ];
    const refused = Promise.all([
      expect(late[0]).rejects.toMatchObject(moved('0003 was to be taken back, and now it would be 0004')),
      expect(late[1]).rejects.toMatchObject(moved('0003 was to be taken back, and now it would be 0004, 0003')),
      expect(late[2]).rejects.toMatchObject(moved('0003 was to be taken back, and now it would be 0004')),
    ]);
    await gate.query('commit');
    await gate.close();
    await refused;
    expect((await others).applied).toMatchObject([{ version: '0004' }]);
    expect(await stage.tables()).toEqual(['first', 'third']);
  });

  test('was nothing, and is something by now: nothing is done', async () => {
    await expect(stage.migrator().down({ to: '0001', expected: [] })).rejects.toMatchObject(
      moved('nothing was to be taken back, and now it would be 0003'),
    );
  });
});

test('a history that somebody dropped begins anew', async () => {
  await stage.query('drop table schema_migration_history');
  expect((await stage.migrator().down()).current).toBe('0001');
  expect(await stage.history()).toEqual(['down 0003']);
});
