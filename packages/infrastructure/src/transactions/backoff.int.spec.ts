import type { Portfolio } from '@blotter/domain';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';

const OPTIONS = { initialDelayMs: 8, maxDelayMs: 40 };

describe('Work that meets a conflict again and again', () => {
  let book: TestBook;
  let portfolio: Portfolio;

  beforeAll(async () => {
    book = await openTestBook();
    portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => book.drop());

  /** Changes the portfolio, but for so many times somebody else comes first; the waits before the repetitions, in milliseconds. */
  async function waitsOf(conflicts: number): Promise<readonly number[]> {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    let attempts = 0;
    await book.blotter.transactions.executeWithRetry(async (unit) => {
      attempts += 1;
      const read = await unit.portfolios.get(portfolio.id);
      if (attempts <= conflicts) {
        await book.blotter.transactions.execute((rival) => Promise.resolve(rival.portfolios.save(read)));
      }
      return unit.portfolios.save(read);
    }, OPTIONS);
    expect(attempts).toBe(conflicts + 1);
    // The timers of sessions and of the pool are at once, or longer than any of these.
    const delays = timers.mock.calls.map(([, delay]) => delay ?? 0);
    return delays.filter((delay) => delay > 0 && delay <= OPTIONS.maxDelayMs);
  }

  it('waits up to a bound that doubles with each attempt, until it is the longest allowed', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    expect(await waitsOf(5)).toEqual([7, 15, 31, 39, 39]);
  });

  it('waits at random below that bound', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(await waitsOf(4)).toEqual([4, 8, 16, 20]);
  });
});
