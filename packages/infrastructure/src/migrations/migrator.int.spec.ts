import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { Database } from '../database/database.js';
import { readMigrations } from './migration-files.js';
import { Migrator } from './migrator.js';

let stage: MigrationStage;

beforeEach(async () => {
  stage = await MigrationStage.open();
  await stage.write('0001_first', 'create table first (id int);', 'drop table first;');
  await stage.write('0002_second', 'create table second (id int);', 'drop table second;');
  await stage.write(
    '0003_third',
    'create table third (id int);',
    '-- blotter: loss the rows of third\ndrop table third;',
  );
});
afterEach(() => stage[Symbol.asyncDispose]());

const first = { version: '0001', name: 'first' };
const second = { version: '0002', name: 'second' };
const third = { version: '0003', name: 'third' };
const states = async () => (await stage.migrator().status()).map(({ version, state }) => `${version} ${state}`);

describe('going forward and back', () => {
  test('goes up to a version, and back to one, newest first', async () => {
    expect(await stage.migrator().up({ to: '0002' })).toEqual({
      reverted: [],
      applied: [first, second],
      current: '0002',
    });
    expect(await stage.migrator().up()).toEqual({ reverted: [], applied: [third], current: '0003' });
    expect(await stage.migrator().down({ to: '0001', acceptLoss: ['0003'] })).toEqual({
      reverted: [third, second],
      applied: [],
      current: '0001',
    });
    expect(await stage.tables()).toEqual(['first']);
    expect(await stage.history()).toEqual(['up 0001', 'up 0002', 'up 0003', 'down 0003', 'down 0002']);
  });

  test('takes the newest back, or everything', async () => {
    await stage.migrator().up({ to: '0002' });
    expect((await stage.migrator().down()).reverted).toEqual([second]);
    expect(await stage.migrator().down({ to: '0' })).toEqual({ reverted: [first], applied: [], current: undefined });
    expect(await stage.tables()).toEqual([]);
    expect((await stage.migrator().down()).reverted).toEqual([]);
  });

  test('does the newest again', async () => {
    await stage.migrator().up({ to: '0002' });
    expect(await stage.migrator().redo()).toEqual({ reverted: [second], applied: [second], current: '0002' });
    expect(await stage.history()).toEqual(['up 0001', 'up 0002', 'down 0002', 'up 0002']);
  });

  test('refuses to lose what a file names, unless the version is accepted by name; nothing is taken back before', async () => {
    await stage.migrator().up();
    const refused = {
      code: 'MIGRATION_LOSES_DATA',
      version: '0003',
      message: expect.stringContaining('rows of third') as string,
    };
    await expect(stage.migrator().down()).rejects.toMatchObject(refused);
    await expect(stage.migrator().redo({ acceptLoss: ['0002'] })).rejects.toMatchObject(refused);
    expect(await stage.tables()).toEqual(['first', 'second', 'third']);
    expect((await stage.migrator().down({ acceptLoss: ['0003'] })).reverted).toEqual([third]);
  });

  test('refuses to pass a migration without a way back, before it begins', async () => {
    await stage.remove('0001_first');
    await stage.write('0001_first', 'create table first (id int);');
    await stage.migrator().up({ to: '0002' });
    await expect(stage.migrator().down({ to: '0' })).rejects.toMatchObject({
      code: 'MIGRATION_ONE_WAY',
      version: '0001',
    });
    expect(await stage.tables()).toEqual(['first', 'second']);
  });

  test('refuses a version that is not there, in either direction', async () => {
    await stage.migrator().up({ to: '0001' });
    for (const run of [() => stage.migrator().up({ to: '0009' }), () => stage.migrator().down({ to: '0002' })]) {
      await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' });
    }
  });

  test('leaves what was there when a file fails, says where, and remembers it', async () => {
    await stage.write('0004_wrong', 'create table half (id int);\n--> statement-breakpoint\n\nselect 1 / 0;');
    await expect(stage.migrator().up()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      version: '0004',
      message: expect.stringMatching(/0004 failed in the statement at line 4: SQLSTATE 22012/) as string,
    });
    expect(await stage.tables()).toEqual(['first', 'second', 'third']);
    expect((await stage.history()).at(-1)).toBe('failure 0004: MIGRATION_FAILED, SQLSTATE 22012');
    expect((await states()).at(-1)).toBe('0004 pending');
  });
});

describe('looking', () => {
  test('shows what would run, and changes nothing, also where nothing was ever migrated', async () => {
    const plan = await stage.migrator().plan('up', { to: '0001' });
    expect(plan).toEqual([
      { ...first, direction: 'up', isTransactional: true, losses: [], statements: ['create table first (id int);'] },
    ]);
    expect(await states()).toEqual(['0001 pending', '0002 pending', '0003 pending']);
    expect(await stage.migrator().verify()).toEqual([]);
    expect(await stage.query(`select relname from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
    await stage.migrator().up();
    expect(await stage.migrator().plan('down')).toMatchObject([{ ...third, losses: ['the rows of third'] }]);
    expect(await stage.tables()).toEqual(['first', 'second', 'third']);
  });

  test('shows when, by whom, how long and by which version each was applied', async () => {
    await stage.migrator().up({ to: '0001' });
    expect((await stage.migrator().status())[0]).toMatchObject({
      state: 'applied',
      isReversible: true,
      appliedAt: expect.stringMatching(/^20\d\d-/) as string,
      appliedBy: stage.storage.config.settings.user,
      durationMs: expect.any(Number) as number,
      toolVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
    });
  });

  test('has a history that nobody edits', async () => {
    await stage.migrator().up();
    for (const change of ['update schema_migration_history set version = 1', 'truncate schema_migration_history']) {
      await expect(stage.query(change)).rejects.toMatchObject({ code: 'INTEGRITY' });
    }
  });
});

describe('files and database that do not agree', () => {
  beforeEach(async () => {
    await stage.migrator().up();
  });

  const problems = async () => (await stage.migrator().verify()).map(({ code, version }) => `${code} ${version ?? ''}`);

  test('an edited file is refused, up and down, until it is put back or accepted by name', async () => {
    await stage.write('0002_second', 'create table second (id bigint);');
    await stage.write('0003_third', 'create table third (id int);', 'drop table if exists third;');
    expect(await problems()).toEqual(['MIGRATION_EDITED 0002', 'MIGRATION_EDITED 0003']);
    const refused = { code: 'MIGRATION_EDITED', version: '0002' };
    await expect(stage.migrator().up()).rejects.toMatchObject(refused);
    await expect(stage.migrator().down()).rejects.toMatchObject(refused);
    expect((await states())[1]).toBe('0002 edited');
    expect((await stage.migrator().repair({ accept: ['0002', '0003'] })).accepted).toEqual([second, third]);
    expect((await stage.history()).slice(-2)).toEqual(['repair 0002', 'repair 0003']);
    expect((await stage.migrator().up()).applied).toEqual([]);
    expect((await stage.migrator().down()).reverted).toEqual([third]);
  });

  test('a missing file is refused', async () => {
    await stage.remove('0002_second');
    expect(await problems()).toEqual(['MIGRATION_MISSING 0002']);
    expect(await states()).toContain('0002 missing');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_MISSING', version: '0002' });
  });

  test('a late file is refused on the way up; going back before it is a way out', async () => {
    await stage.remove('0002_second');
    await stage.query('drop table second');
    await stage.query(`delete from schema_migrations where version = '0002'`);
    await stage.write('0002_late', 'create table late (id int);', 'drop table late;');
    expect(await problems()).toEqual(['MIGRATION_LATE 0002']);
    expect(await states()).toContain('0002 late');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_LATE', version: '0002' });
    await stage.migrator().down({ to: '0001', acceptLoss: ['0003'] });
    expect((await stage.migrator().up()).applied.map(({ name }) => name)).toEqual(['late', 'third']);
  });

  test('two files of one version, a stray file, and a header that is not known are refused', async () => {
    const refuses = async (code: string) => {
      await expect(stage.migrator().up()).rejects.toMatchObject({ code });
      expect((await problems())[0]).toMatch(code);
    };
    await stage.write('0002_again', 'select 1;');
    await refuses('MIGRATION_DUPLICATED');
    await stage.remove('0002_again');
    await stage.write('4_fourth', 'select 1;');
    await refuses('MIGRATION_MALFORMED');
    await stage.remove('4_fourth');
    await stage.write('0004_header', '-- blotter: no-transactions\nselect 1;');
    await refuses('MIGRATION_MALFORMED');
  });

  test('a schema that is newer than the files is refused', async () => {
    await stage.remove('0003_third');
    expect(await problems()).toEqual(['SCHEMA_NEWER 0003']);
    expect(await states()).toContain('0003 newer');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'SCHEMA_NEWER', version: '0003' });
  });
});

describe('a database that came about in another way', () => {
  test('of the first migrator: its table grows, what it applied stays applied, and can be taken back', async () => {
    const [file] = await readMigrations(stage.folder);
    await stage.query(`create table schema_migrations (version text primary key, name text not null,
      checksum text not null, applied_at timestamptz not null default clock_timestamp())`);
    await stage.query('create table first (id int)');
    await stage.query(`insert into schema_migrations values ('0001', 'first', $1, '2026-01-05T00:00:00Z')`, [
      file?.up.checksum ?? '',
    ]);
    expect((await states())[0]).toBe('0001 applied');
    expect((await stage.migrator().up()).applied).toEqual([second, third]);
    expect((await stage.migrator().status())[0]).toMatchObject({
      state: 'applied',
      appliedAt: expect.stringContaining('2026-01-05') as string,
      appliedBy: undefined,
      durationMs: undefined,
    });
    expect((await stage.migrator().down({ to: '0', acceptLoss: ['0003'] })).current).toBeUndefined();
    expect(await stage.tables()).toEqual([]);
  });

  test('by hand: baseline records it, once, and up goes on from there', async () => {
    await stage.query('create table first (id int)');
    await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(await stage.migrator().baseline({ to: '0001' })).toEqual({
      reverted: [],
      applied: [first],
      current: '0001',
    });
    expect((await stage.migrator().up()).applied).toEqual([second, third]);
    await expect(stage.migrator().baseline({ to: '0001' })).rejects.toMatchObject({ code: 'SCHEMA_NOT_EMPTY' });
    expect(await stage.history()).toEqual(['baseline 0001', 'up 0002', 'up 0003']);
  });
});

describe('Database.connect', () => {
  const connect = async (schema: 'current' | 'migrate' | 'ignore') => {
    await (await Database.connect(stage.storage.config, { schema })).close();
  };

  test('requires a current schema, brings it up to date, or leaves it alone', async () => {
    await connect('ignore');
    await expect(connect('current')).rejects.toMatchObject({ code: 'SCHEMA_OUTDATED' });
    expect(await stage.tables()).toEqual([]);
    await connect('migrate');
    await connect('current');
  });

  test('refuses a schema that is newer than this version, unless it is to leave it alone', async () => {
    await new Migrator(stage.storage.config).up();
    await stage.query(`insert into schema_migrations (version, name, checksum) values ('9999', 'future', '')`);
    for (const schema of ['current', 'migrate'] as const) {
      await expect(connect(schema)).rejects.toMatchObject({ code: 'SCHEMA_NEWER', version: '9999' });
    }
    await connect('ignore');
  });
});
