import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { DatabaseConfig, type DatabaseSettings } from '../../src/database/database-config.js';
import { Migrator } from '../../src/migrations/migrator.js';

/** A PgBouncer that swallows the settings of a session, so that nothing is noticed when it begins; .ci/pgbouncer. */
const LENIENT = process.env['BLOTTER_TEST_LENIENT_POOLER_URL'] ?? '';

/** The pooler's file has its name. */
const DATABASE = 'blotter_test_undeclared';

/** What the server gives a session that has not brought it. */
const LOCK_TIMEOUT_MS = 1_234;

let direct: postgres.Sql;
let folder: string;

beforeAll(async () => {
  await administer(`drop database if exists ${DATABASE}`);
  await administer(`create database ${DATABASE}`);
  direct = postgres(urlOf(inject('directUrl'), DATABASE), { max: 1, onnotice: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
  await writeFile(join(folder, '0001_rows.sql'), 'create table rows (id int); insert into rows values (1);');
  await writeFile(join(folder, '0001_rows.down.sql'), 'drop table rows;');
});
afterEach(async () => {
  await direct.unsafe(`alter database ${DATABASE} reset lock_timeout`);
  await direct`drop table if exists rows, schema_migrations, schema_migration_history`;
});
afterAll(async () => {
  await direct.end();
  await administer(`drop database ${DATABASE} with (force)`);
  await rm(folder, { recursive: true });
});

const urlOf = (server: string, database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).href;

async function administer(statement: string): Promise<void> {
  const server = postgres(inject('directUrl'), { max: 1, onnotice: () => undefined });
  await server.unsafe(statement);
  await server.end();
}

/** By a name that the pooler has for the database; the name says how many connections there are, or that each is kept. */
function through(database: 'one' | 'ten' | 'session', settings: DatabaseSettings = {}): Migrator {
  const url = urlOf(LENIENT, database);
  return new Migrator(DatabaseConfig.fromUrl(url, { migrationLockTimeoutMs: LOCK_TIMEOUT_MS, ...settings }), {
    folder,
  });
}

/** As if the session had brought it, for those who come now. */
async function lockTimeoutIsSet(): Promise<void> {
  await direct.unsafe(`alter database ${DATABASE} set lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await direct`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and backend_type = 'client backend'`;
}

const tables = async () =>
  (await direct`select relname from pg_class where relnamespace = 'public'::regnamespace`).map(
    ({ relname }) => relname as string,
  );
const locks = () => direct`select pid from pg_locks where locktype = 'advisory'`;

const refused = (why: string) => ({
  code: 'CONFIGURATION',
  message: expect.stringMatching(new RegExp(`${why}.*run them on PostgreSQL itself`)) as string,
});

test.each(['one', 'ten'] as const)(
  'a pooler that lends by the transaction is found out, with a pool of %s, and nothing is done',
  async (database) => {
    for (const isSet of [false, true]) {
      if (isSet) await lockTimeoutIsSet();
      const runs = [
        () => through(database).up(),
        () => through(database).down(),
        () => through(database).repair(),
        () => through(database).status(),
      ];
      for (const run of runs) await expect(run()).rejects.toMatchObject(refused('lends another process'));
    }
    expect(await tables()).toEqual([]);
    expect(await locks()).toEqual([]);
  },
);

test('so it is by five runners at once, and while others use it', async () => {
  await lockTimeoutIsSet();
  const neighbours = postgres(urlOf(LENIENT, 'ten'), {
    max: 12,
    prepare: false,
    fetch_types: false,
  });
  let done = false;
  const working = Array.from({ length: 12 }, async () => {
    while (!done) await neighbours.unsafe('select pg_sleep(0.001)');
  });
  const runs = await Promise.allSettled(Array.from({ length: 5 }, () => through('ten').up()));
  done = true;
  await Promise.all(working);
  await neighbours.end();
  expect(runs.map((run) => (run.status === 'rejected' ? (run.reason as Error).message : 'migrated'))).toEqual(
    Array.from({ length: 5 }, () => expect.stringContaining('lends another process') as string),
  );
  expect(await tables()).toEqual([]);
});

test('one that lends for the life of a session is refused where lock_timeout is lost', async () => {
  await expect(through('session').up()).rejects.toMatchObject(refused('keeps lock_timeout to itself'));
  expect(await tables()).toEqual([]);
});

test('and is as good as none where it is not; what it keeps open afterwards has no lock any more', async () => {
  await lockTimeoutIsSet();
  expect((await through('session').up()).current).toBe('0001');
  expect(await locks()).toEqual([]);
  const runs = await Promise.all(Array.from({ length: 5 }, () => through('session').up()));
  expect(runs.flatMap(({ applied }) => applied)).toEqual([]);
  expect((await through('session').down()).reverted).toMatchObject([{ version: '0001' }]);
  expect(await locks()).toEqual([]);
});

test('a book in a schema of its own is not made in another one, because search_path was lost', async () => {
  await lockTimeoutIsSet();
  await expect(through('session', { schema: 'desk' }).up()).rejects.toMatchObject({
    code: 'CONFIGURATION',
    message: expect.stringContaining('keeps search_path to itself') as string,
  });
  expect(await tables()).toEqual([]);
});
