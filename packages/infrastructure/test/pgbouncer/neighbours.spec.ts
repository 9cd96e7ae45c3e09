import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DatabaseConfig } from '../../src/database/database-config.js';
import { Database } from '../../src/database/database.js';
import { Migrator } from '../../src/migrations/migrator.js';

/** All that Blotter sets, and what it sets it to. */
const OURS = {
  statement_timeout: '60s',
  lock_timeout: '30s',
  idle_in_transaction_session_timeout: '61s',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
};
const SETTINGS = `select ${Object.keys(OURS)
  .map((name) => `current_setting('${name}') as "${name}"`)
  .join(', ')}`;

const ABORTS = 300;

/** A database of PgBouncer that has one server connection, which all its clients share; .ci/pgbouncer. */
const SHARED = 'one';

let database: Database;
let neighbour: postgres.Sql;
let direct: postgres.Sql;

beforeAll(async () => {
  const url = Object.assign(new URL(inject('serverUrl')), { pathname: `/${SHARED}` }).href;
  const config = DatabaseConfig.fromUrl(url, {
    pooler: 'transaction',
    minPoolSize: 2,
    commandTimeoutMs: 60_000,
    idleInTransactionTimeoutMs: 61_000,
  });
  database = await Database.connect(config);
  neighbour = postgres(url, {
    max: 1,
    fetch_types: false,
    prepare: false,
    connection: { application_name: 'neighbour', TimeZone: 'Asia/Tokyo', DateStyle: 'German, DMY' },
  });
  direct = postgres(inject('directUrl'), { max: 1 });
});
afterAll(() => Promise.all([database.close(), neighbour.end(), direct.end()]));

const ofNeighbour = async () => ({ ...(await neighbour.unsafe(SETTINGS))[0] });

/** In a transaction, where the server's process is the same from statement to statement. */
async function ofOurs(): Promise<unknown> {
  const unit = database.begin();
  const [settings] = await unit.sql(SETTINGS);
  await unit.commit();
  return settings;
}

test.each<[string, () => Promise<unknown>]>([
  ['committed', ofOurs],
  [
    'rolled back',
    async () => {
      const unit = database.begin();
      await unit.sql('select 1');
      await unit.rollback();
    },
  ],
  [
    'failed',
    async () => {
      const unit = database.begin();
      await expect(unit.sql('select 1 / 0')).rejects.toMatchObject({ sqlState: '22012' });
      await unit.rollback();
    },
  ],
  [
    'ended by its deadline',
    async () => {
      const unit = database.begin({ timeoutMs: 300 });
      await expect(unit.sql('select pg_sleep(60)')).rejects.toMatchObject({ code: 'TIMEOUT' });
      await unit.rollback().catch(() => undefined);
    },
  ],
])('a neighbour on the same server connection meets nothing of a unit of work that was %s', async (_, work) => {
  const before = await ofNeighbour();
  await work();
  expect(await ofNeighbour()).toEqual(before);
  expect(before).toMatchObject({ TimeZone: 'Asia/Tokyo', statement_timeout: '0' });
});

test('a unit of work has our settings whatever a neighbour left behind, and so do the texts of single reads', async () => {
  await neighbour.unsafe(`set statement_timeout = '7s'; set lock_timeout = '7s'; set TimeZone = 'America/New_York'`);
  expect(await ofOurs()).toEqual({ ...OURS, statement_timeout: '1min', idle_in_transaction_session_timeout: '61s' });
  expect(await database.query(`select '2026-01-05T14:30:00Z'::timestamptz::text as at`)).toEqual([
    { at: '2026-01-05 14:30:00+00' },
  ]);
  expect(await ofNeighbour()).toMatchObject({ statement_timeout: '7s', TimeZone: 'America/New_York' });
  await neighbour.unsafe('reset statement_timeout; reset lock_timeout');
});

test('no statement stays prepared on the server connection', async () => {
  for (const value of ['1', '2']) await database.query('select $1::int as one, $1::text as two', [value]);
  const unit = database.begin();
  await unit.sql('select $1::int', ['1']);
  expect(await unit.sql('select name from pg_prepared_statements')).toEqual([]);
  await unit.commit();
});

test('a server connection that is lost within a unit of work ends it, and the next one works', async () => {
  const unit = database.begin();
  const [row] = await unit.sql<{ pid: number }>('select pg_backend_pid() as pid');
  await direct`select pg_terminate_backend(${row?.pid ?? 0})`;
  await expect(unit.sql('select 1')).rejects.toMatchObject({
    code: expect.stringMatching(/^(SERVER_UNAVAILABLE|CONNECTION_LOST)$/) as string,
  });
  await unit.rollback().catch(() => undefined);
  const next = database.begin();
  expect(await next.sql('select 1 as one')).toEqual([{ one: 1 }]);
  await next.commit();
});

test('a statement that is given up is cancelled at the server behind the pooler', async () => {
  const running = () =>
    direct`select 1 from pg_stat_activity where query like '%given up%' and state = 'active' and pid <> pg_backend_pid()`;
  const giveUp = new AbortController();
  const unit = database.begin({ signal: giveUp.signal });
  const aborted = expect(unit.sql(`select pg_sleep(60), 'given up'`)).rejects.toMatchObject({ code: 'ABORTED' });
  await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
  giveUp.abort();
  await aborted;
  await expect.poll(running, { timeout: 10_000 }).toHaveLength(0);
  await unit.rollback().catch(() => undefined);
});

test(`${ABORTS} statements given up at random moments, and none of a neighbour on the same server connection is hit`, async () => {
  let done = false;
  let answered = 0;
  const neighbourWorks = async () => {
    for (; !done; answered += 1) await neighbour.unsafe('select pg_sleep(0.002)');
  };
  const working = neighbourWorks();
  for (let times = 0; times < ABORTS; times += 1) {
    const unit = database.begin({ timeoutMs: 1 + Math.floor(Math.random() * 20) });
    await unit
      .sql('select pg_sleep(0.01)')
      .then(() => unit.commit())
      .catch(() => unit.rollback().catch(() => undefined));
  }
  done = true;
  // It rejects if one of its statements was cancelled.
  await working;
  expect(answered).toBeGreaterThan(0);
});

test('migrations are refused: their lock belongs to a session', async () => {
  const config = DatabaseConfig.fromUrl(inject('serverUrl'), { pooler: 'transaction' });
  await expect(new Migrator(config).up()).rejects.toMatchObject({ code: 'CONFIGURATION' });
});

test('without DATABASE_POOLER the error names it', async () => {
  const connecting = Database.connect(DatabaseConfig.fromUrl(inject('serverUrl')));
  await expect(connecting).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('DATABASE_POOLER') as string,
  });
});
