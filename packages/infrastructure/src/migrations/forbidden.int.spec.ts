import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { Database } from '../database/database.js';
import { Session } from '../database/session.js';
import { Migrator } from './migrator.js';

const PASSWORD = randomBytes(12).toString('hex');

let stage: MigrationStage;
let role: string;

beforeEach(async () => {
  stage = await MigrationStage.open();
  role = `"blotter_test_${randomBytes(6).toString('hex')}-role"`;
  await stage.query(`create role ${role} login password '${PASSWORD}'`);
  await stage.query('revoke create on schema public from public');
  await stage.write('0001_rows', 'create table rows (id int);', 'drop table rows;');
});
afterEach(async () => {
  await stage.query(`drop owned by ${role}`);
  await stage.query(`drop role ${role}`);
  await stage[Symbol.asyncDispose]();
});

const asRole = (schema?: string) => stage.storage.configWith({ user: role.slice(1, -1), password: PASSWORD, schema });
const migrator = (schema?: string) => new Migrator(asRole(schema), { folder: stage.folder });

/** Runs what the message says is to be run. */
async function obey(message: string): Promise<void> {
  const [, grant = ''] = /run there: (.+);$/.exec(message) ?? [];
  await stage.query(grant);
}

async function refusalOf(run: () => Promise<unknown>): Promise<string> {
  const refusal: unknown = await run().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'MIGRATION_FORBIDDEN' });
  return (refusal as Error).message;
}

describe('a role that may not', () => {
  test('make tables is told what to grant, and with it goes up and down', async () => {
    const message = await refusalOf(() => migrator().up());
    expect(message).toContain(`${role} may not make tables in the schema public`);
    await obey(message);
    expect((await migrator().up()).current).toBe('0001');
    expect((await migrator().down()).current).toBeUndefined();
  });

  test('make the schema of the book is told how it is made', async () => {
    const message = await refusalOf(() => migrator('desk').up());
    expect(message).toContain('may not make the schema desk');
    await obey(message);
    expect((await migrator('desk').up()).current).toBe('0001');
  });

  test('look into the schema of the book does not take it for an empty one', async () => {
    await stage.migrator({ schema: 'desk' }).up();
    const looks = [
      () => migrator('desk').up(),
      () => migrator('desk').status(),
      () => migrator('desk').verify(),
      () => Database.connect(asRole('desk'), { schema: 'current' }),
    ];
    for (const look of looks) expect(await refusalOf(look)).toContain('may not use the schema desk');
  });

  test('use any schema that it looks in is told which those are', async () => {
    await stage.query(`alter role ${role} set search_path = desk_7, desk_8`);
    for (const look of [() => migrator().up(), () => migrator().status()]) {
      await expect(look()).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining('its search_path is desk_7, desk_8') as string,
      });
    }
    await stage.query(`create schema desk_8 authorization ${role}`);
    expect((await migrator().up()).current).toBe('0001');
  });

  test('read what was applied is told what to grant', async () => {
    await stage.migrator().up();
    const message = await refusalOf(() => migrator().status());
    expect(message).toContain(`may not read schema_migrations`);
    expect(await refusalOf(() => Database.connect(asRole(), { schema: 'current' }))).toBe(message);
    await obey(message);
    expect(await migrator().status()).toMatchObject([{ version: '0001', state: 'applied' }]);
    // Nothing is to be done, and for nothing it needs no right.
    expect((await migrator().up()).applied).toEqual([]);
  });

  test('write what was applied is told whose it is, and nothing is left of the file', async () => {
    await stage.migrator().up();
    await stage.query(`grant select on schema_migrations to ${role}`);
    await stage.query(`grant create on schema public to ${role}`);
    await stage.write('0002_more', 'create table more (id int);');
    const owner = stage.storage.config.settings.user;
    expect(await refusalOf(() => migrator().up())).toContain(`Migrate as its owner, ${owner}.`);
    expect(await stage.tables()).toEqual(['rows']);
  });
});

test('what is forbidden of something else is not taken for it', async () => {
  await stage.query('create table theirs (id int)');
  await stage.query('insert into theirs values (1), (1)');
  await expect(stage.query('create unique index concurrently theirs_key on theirs (id)')).rejects.toThrow();
  await stage.query('delete from theirs');
  await stage.query(`grant create on schema public to ${role}`);
  await migrator().baseline({ to: '0001' });
  await expect(migrator().repair()).rejects.toMatchObject({ code: 'DATABASE_ERROR', sqlState: '42501' });
});

test('a statement that the role may not run is the failure of its file, and says so', async () => {
  await stage.query(`grant create on schema public to ${role}`);
  await stage.query('create schema other create table elsewhere ()');
  await stage.write('0002_other', 'select 1;\ndrop table other.elsewhere;');
  await expect(migrator().up()).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining(`SQLSTATE 42501, which the role ${role.slice(1, -1)} may not do`) as string,
  });
});

test.each([
  ['of another tool', 'create table schema_migrations (version bigint primary key, dirty boolean not null)'],
  ['that is a view', 'create view schema_migrations as select 1 as version'],
])('a schema_migrations %s is told by whatever looks at it, and left alone', async (_, create) => {
  await stage.query(create);
  const looks = [
    () => stage.migrator().status(),
    () => stage.migrator().verify(),
    () => stage.migrator().plan('up'),
    () => stage.migrator().up(),
    () => stage.migrator().baseline({ to: '0001' }),
    () => Database.connect(stage.storage.config, { schema: 'current' }),
  ];
  for (const look of looks) {
    await expect(look()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/schema_migrations that is not Blotter’s.*DATABASE_SCHEMA/) as string,
    });
  }
  expect(
    await stage.query('select count(*)::int as tables from pg_tables where schemaname = current_schema()'),
  ).toEqual([{ tables: create.includes('table') ? 1 : 0 }]);
});

test('an index that another role is building is not called broken, though its progress is hidden', async () => {
  await stage.query(`grant create on schema public to ${role}`);
  await stage.migrator().up();
  await stage.query(`grant select on schema_migrations to ${role}`);
  await stage.query('insert into rows values (1), (1)');
  await expect(stage.query('create unique index concurrently broken on rows (id)')).rejects.toThrow();
  const codes = async () =>
    (await migrator().verify()).map(({ code, message }) => `${code} ${/index (\w+)/.exec(message)?.[1] ?? ''}`);
  expect(await codes()).toEqual(['INDEX_INVALID broken']);
  await using old = await open();
  await using builder = await open();
  await old.session.query('begin; insert into rows values (2)');
  const building = builder.session.query('create index concurrently building on rows (id)');
  await expect
    .poll(() => stage.query(`select from pg_class where relname = 'building'`), { timeout: 20_000 })
    .toHaveLength(1);
  expect(await codes()).toEqual([]);
  await old.session.query('commit');
  await building;
  expect(await codes()).toEqual(['INDEX_INVALID broken']);
});

async function open() {
  const session = await Session.connect(stage.storage.config);
  return { session, [Symbol.asyncDispose]: () => session.close() };
}
