import { anyPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Database } from './database.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

test('reads are answered although every shared session was lost at the same moment, and nobody had noticed yet', async () => {
  const portfolio = await book.blotter.openPortfolio(anyPortfolio());
  const { host, port } = book.storage.config.settings;
  const proxy = await startTcpProxy({ host, port }, 0);
  const config = book.storage.configWith({ minPoolSize: 0, sharedReadSessions: 3 }).at('127.0.0.1', proxy.port);
  const database = await Database.connect(config);
  try {
    const read = () => database.read.portfolios.get(portfolio.id);
    for (let round = 0; round < 5; round += 1) {
      // Six at once, so that all three sessions are there.
      await Promise.all(Array.from({ length: 6 }, read));
      proxy.cut();
      expect(await read()).toEqual(portfolio);
    }
  } finally {
    await database.close();
    await proxy.close();
  }
});

test('reads at once are answered by the session that is there when the server takes no other, which it is not asked for by each of them', async () => {
  const portfolio = await book.blotter.openPortfolio(anyPortfolio());
  const { host, port } = book.storage.config.settings;
  const proxy = await startTcpProxy({ host, port }, 0);
  const config = book.storage.configWith({ minPoolSize: 0, sharedReadSessions: 2 }).at('127.0.0.1', proxy.port);
  const database = await Database.connect(config);
  try {
    const read = () => database.read.portfolios.get(portfolio.id);
    await read();
    proxy.refuse();
    const startedAt = performance.now();
    for (let round = 0; round < 50; round += 1) {
      expect(await Promise.all([read(), read(), read()])).toEqual([portfolio, portfolio, portfolio]);
    }
    expect(proxy.refused).toBeGreaterThan(0);
    expect(proxy.refused).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 1_000);
  } finally {
    await database.close();
    await proxy.close();
  }
});
