import type { Portfolio } from '@blotter/domain';
import { anyPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../test/tcp-proxy.js';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Database } from './database.js';

let book: TestBook;
let portfolio: Portfolio;

beforeAll(async () => {
  book = await openTestBook();
  portfolio = await book.blotter.openPortfolio(anyPortfolio());
});
afterAll(() => book.drop());

/** Reads of the portfolio over so many shared sessions, behind a proxy. */
async function behindProxy(
  sharedReadSessions: number,
  work: (read: () => Promise<Portfolio>, proxy: TcpProxy) => Promise<void>,
): Promise<void> {
  const proxy = await startTcpProxy(book.storage.config.settings, 0);
  const config = book.storage.configWith({ minPoolSize: 0, sharedReadSessions }).at('127.0.0.1', proxy.port);
  const database = await Database.connect(config);
  try {
    await work(() => database.read.portfolios.get(portfolio.id), proxy);
  } finally {
    await database.close();
    await proxy.close();
  }
}

test('reads are answered although every shared session was lost at the same moment, and nobody had noticed yet', () =>
  behindProxy(3, async (read, proxy) => {
    for (let round = 0; round < 5; round += 1) {
      // Six at once, so that all three sessions are there, or on their way.
      await Promise.all(Array.from({ length: 6 }, read));
      proxy.cut();
      expect(await read()).toEqual(portfolio);
    }
  }));

test('reads at once are answered by the session that is there when the server takes no other, which it is not asked for by each of them', () =>
  behindProxy(2, async (read, proxy) => {
    await read();
    proxy.refuse();
    const startedAt = performance.now();
    for (let round = 0; round < 50; round += 1) {
      expect(await Promise.all([read(), read(), read()])).toEqual([portfolio, portfolio, portfolio]);
    }
    expect(proxy.refused).toBeGreaterThan(0);
    expect(proxy.refused).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 1_000);
  }));
