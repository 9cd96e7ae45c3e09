import { Blotter, everyItem } from '@blotter/application';
import { InMemoryBook, SequentialIds } from '@blotter/application/testing';
import { Ticker, Timestamp, type Execution } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import type { Book } from './book.js';
import { MarkClock } from './mark-clock.js';
import { openSession, type SessionOptions } from './open-session.js';
import { plansFor, SYMBOLS } from './plans.js';
import { runSession } from './run-session.js';
import { interruptionOf, listSessions } from './stored-sessions.js';
import { Tally } from './tally.js';
import type { Desk } from './trade-day.js';

/** A book in memory for tests. */
function anyBook(): Book {
  const book = new InMemoryBook();
  return { blotter: new Blotter(book), read: book.read, ids: new SequentialIds() };
}

interface RunSession {
  readonly desks: readonly Desk[];
  readonly tally: Tally;
}

/** Runs the next session of a book; `stopAfter` days it is interrupted. */
async function runNextSession(
  book: Book,
  {
    stopAfter = Infinity,
    symbols = SYMBOLS,
    ...options
  }: Partial<SessionOptions> & { stopAfter?: number; symbols?: typeof SYMBOLS } = {},
): Promise<RunSession> {
  const clock = await MarkClock.after(book.read, SYMBOLS);
  const number = (await listSessions(book.read)).length + 1;
  const desks = await openSession(book, clock, number, plansFor(symbols), { seed: '1', days: 60, ...options });
  const tally = new Tally();
  const stop = new AbortController();
  let days = 0;
  const onDay = () => {
    days += 1;
    if (days >= stopAfter) stop.abort();
  };
  await runSession(book, clock, desks, tally, { signal: stop.signal, onDay });
  return { desks, tally };
}

async function executionsOf({ read }: Book, { portfolioId }: Desk): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  for await (const execution of everyItem((page) => read.executions.list(portfolioId, page)))
    executions.push(execution);
  return executions;
}

const last = async (book: Book) => {
  const session = (await listSessions(book.read)).at(-1);
  if (!session) throw new Error('There is no session.');
  return session;
};

describe('a session', () => {
  it('is kept: every execution that was counted, and a snapshot a day', async () => {
    const book = anyBook();
    const { desks, tally } = await runNextSession(book);
    const executions = (await Promise.all(desks.map((desk) => executionsOf(book, desk)))).flat();
    expect(executions.length).toBe(tally.executions);
    expect(tally.duplicatesIgnored).toBeGreaterThan(0);
    expect(tally.snapshots).toBe(120);
    const [from, to] = [Timestamp.of('2015-01-01'), Timestamp.of('2020-01-01')];
    const [first] = desks;
    const { items } = await book.read.snapshots.listBetween(first?.portfolioId ?? fail(), from, to);
    expect(items).toHaveLength(61);
  });

  it('comes out the same for the same seed, and differently for another', async () => {
    const outcome = async (seed: string) => {
      const book = anyBook();
      const { desks, tally } = await runNextSession(book, { seed });
      const portfolios = await Promise.all(desks.map(({ portfolioId }) => book.read.portfolios.get(portfolioId)));
      return [tally.orders, tally.executions, ...portfolios.map(({ cash }) => cash.amount)];
    };
    expect(await outcome('1')).toEqual(await outcome('1'));
    expect(await outcome('2')).not.toEqual(await outcome('1'));
  });

  it('flips a position in one fill', async () => {
    const book = anyBook();
    const { desks } = await runNextSession(book, { symbols: [Ticker.of('AAPL')], days: 300 });
    const { items } = await book.read.positions.listBySymbol(desks[0]?.portfolioId ?? fail(), Ticker.of('AAPL'));
    const opened = new Set(items.map(({ openedAt }) => openedAt));
    const flips = items.filter(({ closedAt }) => closedAt !== undefined && opened.has(closedAt)).length;
    expect(flips).toBeGreaterThan(3);
  });

  it('trades coins in fractions', async () => {
    const book = anyBook();
    const { desks } = await runNextSession(book, { symbols: [Ticker.of('BTC-USD')], days: 300 });
    const quantities = (await executionsOf(book, desks[0] ?? fail())).map(({ quantity }) => quantity.toString());
    expect(quantities.some((quantity) => quantity.includes('.'))).toBe(true);
  });

  it('comes beside the one before, and values its positions at its own days', async () => {
    const book = anyBook();
    const first = await runNextSession(book);
    const second = await runNextSession(book);
    const [a, b] = await Promise.all(
      [first, second].map(async ({ desks }) => {
        const portfolios = desks.map(({ portfolioId }) => portfolioId);
        return Promise.all(
          portfolios.map(async (id) => (await book.read.snapshots.findLatest(id))?.marketValue.amount),
        );
      }),
    );
    expect(b).toEqual(a);
    expect((await listSessions(book.read)).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('is known to have come to its end', async () => {
    const book = anyBook();
    await runNextSession(book);
    expect(await interruptionOf(book.read, await last(book))).toBeUndefined();
  });

  it('is known to have been interrupted, since when, and with how many executions', async () => {
    const book = anyBook();
    const { tally } = await runNextSession(book, { symbols: [Ticker.of('AAPL')], stopAfter: 20 });
    expect(await interruptionOf(book.read, await last(book))).toEqual({
      date: '2019-11-01',
      executions: tally.executions,
    });
  });
});

function fail(): never {
  throw new Error('There is no portfolio.');
}
