import { anyOrder, anyPortfolio } from '@blotter/application/testing';
import type { Portfolio } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';

/** Some FETCHes. */
const ORDERS = 4_500;

describe('A stream on a session of its own', () => {
  let book: TestBook;
  let portfolio: Portfolio;
  beforeAll(async () => {
    book = await openTestBook({ minPoolSize: 1, maxPoolSize: 1, acquireTimeoutMs: 200 });
    portfolio = anyPortfolio();
    await book.blotter.transactions.execute((unit) => {
      unit.portfolios.save(portfolio);
      unit.orders.saveMany(Array.from({ length: ORDERS }, () => anyOrder(portfolio)));
      return Promise.resolve();
    });
  });
  afterAll(() => book.drop());

  const inUse = () => book.database.statistics().sessions.inUse;
  const take = async (count: number, onLast: () => void = () => undefined) => {
    let taken = 0;
    for await (const order of book.database.read.orders.stream(portfolio.id)) {
      taken += 1;
      if (taken < count) continue;
      expect(order.portfolioId).toBe(portfolio.id);
      expect(inUse()).toBe(1);
      onLast();
      break;
    }
    return taken;
  };

  it('has none before its first row is asked for, and gives it back when it is read, left or failed', async () => {
    const stream = book.database.read.orders.stream(portfolio.id);
    expect(inUse()).toBe(0);
    const ids = new Set<string>();
    for await (const { id } of stream) ids.add(id);
    expect(ids.size).toBe(ORDERS);
    expect(inUse()).toBe(0);
    for (const taken of [1, 1_000, 1_001, ORDERS]) {
      expect(await take(taken)).toBe(taken);
      expect(inUse()).toBe(0);
    }
    const failing = take(1_500, () => {
      throw new TypeError('of the loop');
    });
    await expect(failing).rejects.toThrow('of the loop');
    expect(inUse()).toBe(0);
    const created = book.database.statistics().sessions.created;
    expect(await take(10)).toBe(10);
    expect(book.database.statistics().sessions.created).toBe(created);
  });

  it('counts as committed when it is read to its end, and as rolled back when it is left', async () => {
    const endings = () => book.database.statistics().transactions;
    const before = endings();
    for await (const order of book.database.read.orders.stream(portfolio.id)) expect(order.version).toBe(1);
    expect(endings()).toEqual({ ...before, committed: before.committed + 1 });
    await take(10);
    expect(endings()).toEqual({ committed: before.committed + 1, rolledBack: before.rolledBack + 1 });
  });

  it('is read to its end by who was given the last rows before the transaction ended, however it did', async () => {
    const controller = new AbortController();
    let taken = 0;
    for await (const { version } of book.database.reading({ signal: controller.signal }).orders.stream(portfolio.id)) {
      taken += version;
      if (taken === ORDERS - 1) controller.abort();
    }
    expect(taken).toBe(ORDERS);
  });

  it('waits for it no longer than the acquire deadline, and leaves the shared sessions to short reads', async () => {
    for await (const order of book.database.read.orders.stream(portfolio.id)) {
      expect(await book.database.read.orders.get(order.id)).toEqual(order);
      const second = book.database.read.orders.stream(portfolio.id)[Symbol.asyncIterator]().next();
      await expect(second).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
      break;
    }
  });

  it('ends when its caller’s signal is aborted or the deadline has passed, wherever it is', async () => {
    const controller = new AbortController();
    const aborting = (async () => {
      let taken = 0;
      for await (const { version } of book.database
        .reading({ signal: controller.signal })
        .orders.stream(portfolio.id)) {
        taken += version;
        if (taken === 1_200) controller.abort();
      }
    })();
    await expect(aborting).rejects.toMatchObject({ code: 'ABORTED' });
    const late = (async () => {
      for await (const { version } of book.database.reading({ timeoutMs: 40 }).orders.stream(portfolio.id)) {
        await new Promise((resolve) => setTimeout(resolve, version));
      }
    })();
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect.poll(inUse).toBe(0);
    expect(await take(ORDERS)).toBe(ORDERS);
  });
});
