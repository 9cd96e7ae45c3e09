import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Executioner, GATE } from '../../test/executioner.js';
import { MigrationStage } from '../../test/migration-stage.js';

let stage: MigrationStage;
let executioner: Executioner;

const rows = { version: '0001', name: 'rows' };
const more = { version: '0002', name: 'more' };
const gated = (sql: string) => `${sql}\n--> statement-breakpoint\n${GATE}`;

beforeEach(async () => {
  stage = await MigrationStage.open();
  executioner = await Executioner.of(stage);
  await stage.write('0001_rows', 'create table rows (id int);', 'drop table rows;');
});
afterEach(async () => {
  await executioner[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const problems = async () => (await stage.migrator().verify()).map(({ code }) => code);

describe('a command that is killed (SIGKILL) in the middle', () => {
  test('the first up, while it makes its own tables: none is there, and the next makes them', async () => {
    await executioner.killBehind('create table schema_migration_history ()', 'up');
    expect(await stage.query(`select from pg_class where relname like 'schema\\_migration%'`)).toEqual([]);
    expect((await stage.migrator().up()).applied).toEqual([rows]);
  });

  test('up over several: those before it stay, and the next goes on', async () => {
    await stage.write('0002_more', gated('create table more ();'), 'drop table more;');
    await executioner.killAtGate('up');
    expect(await stage.tables()).toEqual(['rows']);
    expect((await stage.migrator().up()).applied).toEqual([more]);
  });

  test('down over several: those after it stay taken back, and the next goes on', async () => {
    await stage.write('0001_rows', 'create table rows (id int);', gated('drop table rows;'));
    await stage.write('0002_more', 'create table more ();', 'drop table more;');
    await stage.migrator().up();
    await executioner.killAtGate('down', '0');
    expect(await stage.tables()).toEqual(['rows']);
    expect((await stage.migrator().down({ to: '0' })).reverted).toEqual([rows]);
    expect(await stage.tables()).toEqual([]);
  });

  test('redo on its way back: all is there, and the next does it', async () => {
    await stage.write('0002_more', 'create table more ();', gated('drop table more;'));
    await stage.migrator().up();
    await executioner.killAtGate('redo');
    expect(await stage.tables()).toEqual(['more', 'rows']);
    expect(await problems()).toEqual([]);
    expect(await stage.migrator().redo()).toMatchObject({ reverted: [more], applied: [more] });
  });

  test('redo on its way forward: it is taken back, and up applies it', async () => {
    await stage.write('0002_more', 'create table more ();', 'drop table more;');
    await stage.migrator().up();
    await stage.write('0002_more', gated('create table more_again ();'), 'drop table if exists more, more_again;');
    await executioner.killAtGate('redo');
    expect(await stage.tables()).toEqual(['rows']);
    expect(await problems()).toEqual([]);
    expect((await stage.migrator().up()).applied).toEqual([more]);
    expect(await stage.tables()).toEqual(['more_again', 'rows']);
  });

  test('repair that accepts a file: it is not accepted, and the next accepts it', async () => {
    await stage.migrator().up();
    await stage.write('0001_rows', 'create table rows (id bigint);');
    await executioner.killBehind('lock table schema_migration_history in exclusive mode', 'repair', '0001');
    expect(await problems()).toEqual(['MIGRATION_EDITED']);
    expect((await stage.migrator().repair({ accept: ['0001'] })).accepted).toEqual([rows]);
    expect(await problems()).toEqual([]);
    expect(await stage.history()).toEqual(['up 0001', 'repair 0001']);
  });

  test('baseline: nothing is recorded, and the next records all', async () => {
    await stage.migrator().up();
    await stage.migrator().down();
    await stage.write('0002_more', 'create table more ();', 'drop table more;');
    await executioner.killBehind('lock table schema_migration_history in exclusive mode', 'baseline', '0002');
    expect(await stage.query('select version from schema_migrations')).toEqual([]);
    expect((await stage.migrator().baseline({ to: '0002' })).applied).toEqual([rows, more]);
    expect((await stage.history()).slice(2)).toEqual(['baseline 0001', 'baseline 0002']);
  });
});
