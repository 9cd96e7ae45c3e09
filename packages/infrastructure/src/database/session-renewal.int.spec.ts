import { Blotter } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import type { PortfolioId } from '@blotter/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseSettings } from './database-config.js';
import { Database } from './database.js';

let storage: TestDatabase;
/** Undisturbed, to look at the server. */
let direct: Database;
let portfolioId: PortfolioId;

beforeAll(async () => {
  storage = await createTestDatabase();
  direct = await Database.connect(storage.config);
  portfolioId = (await new Blotter(direct).openPortfolio(anyPortfolio())).id;
});
afterAll(async () => {
  await direct.close();
  await storage.drop();
});

/** One session for reads, and one for what is asked about health. */
const connect = (applicationName: string, settings: DatabaseSettings = {}) =>
  Database.connect(storage.configWith({ applicationName, sharedReadSessions: 1, ...settings }));

/** The server's processes of these sessions, by what they were asked last. */
async function backends(applicationName: string, asked: 'portfolios' | 'schema_migrations'): Promise<number[]> {
  const rows = await direct.query<{ pid: number }>(
    'select pid from pg_stat_activity where application_name = $1 and query ~ $2',
    [applicationName, `from "?${asked}`],
  );
  return rows.map(({ pid }) => pid);
}

/** Asks all that can be asked outside transactions. */
async function ask(database: Database): Promise<void> {
  await database.read.portfolios.get(portfolioId);
  expect((await database.health()).state).toBe('up');
}

test.each(['portfolios', 'schema_migrations'] as const)(
  'the session that is asked about %s is replaced when it has lived its time',
  async (asked) => {
    const name = `aged ${asked}`;
    await using database = await connect(name, { maxLifetimeMs: 200 });
    await ask(database);
    const [first] = await backends(name, asked);
    expect(first).toBeDefined();
    const now = async () => {
      await ask(database);
      return backends(name, asked);
    };
    await expect.poll(now, { timeout: 10_000 }).not.toContain(first);
  },
);

test('when a write finds that the server takes none, no session of before is asked again, and its reads in flight are answered', async () => {
  await using database = await connect('failed over');
  await ask(database);
  const [[reading], [asking]] = await Promise.all([
    backends('failed over', 'portfolios'),
    backends('failed over', 'schema_migrations'),
  ]);
  const holder = direct.begin();
  await holder.sql('lock table portfolios in access exclusive mode');
  const inFlight = database.read.portfolios.get(portfolioId);
  await using unit = database.begin();
  await unit.sql(`select set_config('transaction_read_only', 'on', true)`);
  await expect(unit.sql('create table refused ()')).rejects.toMatchObject({ code: 'READ_ONLY_SERVER' });

  const later = database.read.portfolios.get(portfolioId);
  await expect.poll(() => backends('failed over', 'portfolios')).toHaveLength(2);
  await holder.rollback();
  expect((await Promise.all([inFlight, later])).map(({ id }) => id)).toEqual([portfolioId, portfolioId]);
  await expect.poll(() => backends('failed over', 'portfolios')).not.toContain(reading);
  await ask(database);
  await expect.poll(() => backends('failed over', 'schema_migrations')).toHaveLength(1);
  expect(await backends('failed over', 'schema_migrations')).not.toContain(asking);
});

test('a session that still has reads to answer when it is replaced is closed with the database', async () => {
  const database = await connect('closed');
  await ask(database);
  const holder = direct.begin();
  await holder.sql('lock table portfolios in access exclusive mode');
  const inFlight = expect(database.read.portfolios.get(portfolioId)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
  const unit = database.begin();
  await unit.sql(`select set_config('transaction_read_only', 'on', true)`);
  await expect(unit.sql('create table refused ()')).rejects.toMatchObject({ code: 'READ_ONLY_SERVER' });
  const later = expect(database.read.portfolios.get(portfolioId)).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
  await expect.poll(() => backends('closed', 'portfolios')).toHaveLength(2);
  await database.close({ drainMs: 0 });
  await Promise.all([inFlight, later]);
  await holder.rollback();
});
