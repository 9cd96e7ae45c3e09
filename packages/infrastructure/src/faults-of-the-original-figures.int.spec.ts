import {
  maximumDrawdown,
  profitFactor,
  sharpeRatio,
  snapshotEquity,
  Timestamp,
  type EquitySeries,
} from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

// Beside faults-of-the-original.int.spec.ts: the figures that were stubs, from what the database keeps.

/** The equity of a portfolio that holds ten of a fund, marked at these prices day by day, as its snapshots have it. */
async function history(symbol: string, ...prices: readonly string[]): Promise<EquitySeries> {
  const trader = await Trader.open(book, {}, '1000');
  await trader.trade({ symbol });
  for (const [day, price] of prices.entries()) {
    await trader.mark(price, `2026-02-0${day + 1}T20:00:00Z`, symbol);
    await trader.snapshot(`2026-02-0${day + 1}T21:00:00Z`);
  }
  const [from, to] = [Timestamp.of('2026-02-01'), Timestamp.of('2026-02-28')];
  const { items } = await book.database.read.snapshots.listBetween(trader.portfolioId, from, to);
  return items.map((snapshot) => ({ at: snapshot.takenAt, equity: snapshotEquity(snapshot) }));
}

describe('figures that were stubs', () => {
  test('the Sharpe ratio is computed: it differs from book to book, and is undefined where it has no meaning', async () => {
    const yearly = { periodsPerYear: 1 };
    // Returns of 0.2 and −0.1: mean 0.05, deviation 0.3/√2.
    const ratio = sharpeRatio(await history('FUND-A', '100', '120', '108'), yearly);
    expect(ratio?.toFixed(12)).toBe('0.235702260396');
    expect(sharpeRatio(await history('FUND-B', '100', '90', '81.5'), yearly)?.isNegative()).toBe(true);
    expect(sharpeRatio(await history('FUND-C', '100', '100', '100'), yearly)).toBeUndefined();
  });

  test('the drawdown is computed: the deepest fall from a peak, with its moments', async () => {
    const { depth, peakAt, troughAt } = maximumDrawdown(await history('FUND-D', '100', '120', '90', '96')) ?? {};
    expect(depth?.toString()).toBe('0.25');
    expect([peakAt, troughAt]).toEqual(['2026-02-02T21:00:00.000000Z', '2026-02-03T21:00:00.000000Z']);
  });

  test('the profit factor is not capped at 999.99, and is undefined where nothing was lost', async () => {
    const trader = await Trader.open(book);
    await trader.trade({ quantity: '1', price: '1' });
    await trader.trade({ quantity: '1', price: '3001', side: 'SELL' });
    expect(profitFactor(await trader.portfolio())).toBeUndefined();
    await trader.trade({ quantity: '1', price: '2' });
    await trader.trade({ quantity: '1', price: '1', side: 'SELL' });
    expect(profitFactor(await trader.portfolio())?.toString()).toBe('3000');
  });
});
