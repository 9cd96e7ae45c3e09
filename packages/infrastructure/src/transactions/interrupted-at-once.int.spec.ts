import type { TransactionOptions } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';

describe('a unit that is aborted in the very turn in which it is given a session', () => {
  let book: TestBook;

  beforeAll(async () => {
    book = await openTestBook({ minPoolSize: 1, maxPoolSize: 1 });
  });
  afterAll(() => book.drop());
  const begin = async (options: TransactionOptions = {}) => {
    // Then there is a session at hand, which is given out without waiting.
    await book.database.query('select 1');
    const controller = new AbortController();
    const unit = book.database.begin({ ...options, signal: controller.signal });
    const abort = () => {
      controller.abort();
    };
    return { unit, abort };
  };

  it.each<[string, TransactionOptions]>([
    ['one statement', {}],
    ['a transaction', { isolation: 'serializable' }],
  ])('says so of its commit in %s, and has written nothing', async (_, options) => {
    const { unit, abort } = await begin(options);
    const portfolio = anyPortfolio();
    unit.portfolios.save(portfolio);
    const committed = unit.commit();
    abort();
    await expect(committed).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await book.database.read.portfolios.find(portfolio.id)).toBeUndefined();
    expect(book.database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('says so of its read, and locks nothing', async () => {
    const { id } = await book.blotter.openPortfolio(anyPortfolio());
    const { unit, abort } = await begin();
    const locked = unit.portfolios.getForUpdate(id);
    abort();
    await expect(locked).rejects.toMatchObject({ code: 'ABORTED' });
    const next = book.blotter.transactions.execute((other) => other.portfolios.getForUpdate(id), { timeoutMs: 10_000 });
    expect((await next).id).toBe(id);
    expect(book.database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  });
});
