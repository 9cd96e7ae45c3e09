import { afterEach, beforeEach, expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';

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

test('a history that somebody dropped begins anew', async () => {
  await stage.query('drop table schema_migration_history');
  expect((await stage.migrator().down()).current).toBe('0001');
  expect(await stage.history()).toEqual(['down 0003']);
});
