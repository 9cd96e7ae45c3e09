import { Blotter } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import type { PortfolioId } from '@blotter/domain';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseSettings } from './database-config.js';
import { Database } from './database.js';

const SESSIONS = 5;
const HOUR_MS = 3_600_000;

let storage: TestDatabase;
let portfolioId: PortfolioId;
let proxy: TcpProxy;

beforeAll(async () => {
  storage = await createTestDatabase();
  await using database = await Database.connect(storage.config);
  portfolioId = (await new Blotter(database).openPortfolio(anyPortfolio())).id;
});
afterAll(() => storage.drop());
beforeEach(async () => {
  proxy = await startTcpProxy(storage.config.settings, 0);
});
afterEach(() => proxy.close());

/** A database whose sessions are all there, each of them idle. A statement that is sent on a silent one waits for an hour. */
async function connectWarm(settings: DatabaseSettings): Promise<Database> {
  const sizes = { minPoolSize: SESSIONS, maxPoolSize: SESSIONS, sharedReadSessions: 1 };
  const config = storage.configWith({ ...sizes, commandTimeoutMs: HOUR_MS, ...settings });
  const database = await Database.connect(config.at('127.0.0.1', proxy.port));
  await database.read.portfolios.get(portfolioId);
  return database;
}

/** As many callers as there are sessions, and a reader. */
async function askAll(database: Database): Promise<unknown[]> {
  const calls = Array.from({ length: SESSIONS }, () => database.query('select 1 as one'));
  const [portfolio, ...rows] = await Promise.all([database.read.portfolios.get(portfolioId), ...calls]);
  expect(portfolio.id).toBe(portfolioId);
  return rows.flat();
}

const answered = Array.from({ length: SESSIONS }, () => ({ one: 1 }));

test('sessions that the network forgot while they were idle are found out before they are used', async () => {
  const database = await connectWarm({ validateAfterMs: 0 });
  proxy.silence();
  expect(await askAll(database)).toEqual(answered);
  // How many new ones there are depends on who came first; of the old ones none is left.
  expect(database.statistics().sessions).toMatchObject({ closed: SESSIONS, inUse: 0 });
  await database.close();
});

test('sessions that still answer are kept', async () => {
  const database = await connectWarm({ validateAfterMs: 0 });
  expect(await askAll(database)).toEqual(answered);
  expect(database.statistics().sessions).toMatchObject({ created: SESSIONS, closed: 0 });
  await database.close();
});

test('the monitor that gets no answer has all sessions replaced, also those that nobody would ask', async () => {
  const database = await connectWarm({ validateAfterMs: HOUR_MS });
  const monitor = database.monitor({ intervalMs: 20, timeoutMs: 1_000 });
  await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('up');
  const noticed = new Promise<void>((resolve) => {
    monitor.onChange(({ report }) => {
      if (!report.server) resolve();
    });
  });
  proxy.silence();
  await noticed;
  expect(await askAll(database)).toEqual(answered);
  await database.close();
});
