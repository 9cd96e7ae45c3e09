import { deposit, markToMarket, openPortfolio, takeSnapshot, untilKnown } from '@blotter/application';
import { CashMovementId, PortfolioId, SnapshotId, Timestamp, type Mark } from '@blotter/domain';
import { Market } from '../prices/market.js';
import { loadBars } from '../prices/load-bars.js';
import type { Book } from './book.js';
import type { MarkClock } from './mark-clock.js';
import type { PortfolioPlan } from './portfolio-plan.js';
import { tagsOf } from './session-tags.js';
import type { Desk } from './trade-day.js';

export interface SessionOptions {
  readonly seed: string;
  /** The last so many days alone; the days before them still count as history. All days when undefined. */
  readonly days?: number | undefined;
}

/** Opens the portfolios of a session, with their capital and their first snapshot: all of them, or none. */
export async function openSession(
  book: Book,
  clock: MarkClock,
  number: number,
  plans: readonly PortfolioPlan[],
  options: SessionOptions,
): Promise<readonly Desk[]> {
  const desks = await Promise.all(plans.map((plan) => deskOf(book, plan, options)));
  const commands = desks.map((desk) => ({ desk, ...commandsFor(book, desk, number) }));
  await untilKnown(() =>
    book.blotter.transactions.executeWithRetry(async (unit) => {
      for (const { desk, opening, funding, snapshot } of commands) {
        await markToMarket(unit, closesBefore(desk, clock));
        await openPortfolio(unit, opening);
        await deposit(unit, funding);
        await takeSnapshot(unit, snapshot);
      }
    }),
  );
  return desks;
}

async function deskOf(book: Book, plan: PortfolioPlan, { seed, days }: SessionOptions): Promise<Desk> {
  const portfolioId = PortfolioId.of(book.ids.next());
  const symbols = plan.instruments.map(({ symbol }) => symbol);
  const bars = await Promise.all(symbols.map(async (symbol) => [symbol, await loadBars(symbol)] as const));
  const market = new Market(new Map(bars));
  const dates = days === undefined ? market.dates : market.dates.slice(-days);
  return { plan, portfolioId, market, dates, seed };
}

/** The limits on the first orders need prices, and the first day has not brought any yet. */
function closesBefore({ market, dates }: Desk, clock: MarkClock): readonly Mark[] {
  const at = clock.next();
  return market.quotesOn(dates[0] ?? '').flatMap(({ symbol, history }) => {
    const price = history.at(-1)?.close;
    return price ? [{ symbol, price, at }] : [];
  });
}

function commandsFor(book: Book, { plan, portfolioId, dates, seed }: Desk, number: number) {
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  // The midnight before the first day: before its open, wherever the exchange is.
  const start = Timestamp.of(first);
  return {
    opening: {
      id: portfolioId,
      name: `${plan.title} #${number}`,
      currency: plan.capital.currency,
      strategy: plan.strategyName,
      limits: plan.limits,
      tags: tagsOf({ number, seed, endsAt: plan.hoursOn(last).close }),
      openedAt: Timestamp.of(new Date()),
    },
    funding: { id: CashMovementId.of(book.ids.next()), portfolioId, amount: plan.capital, at: start },
    snapshot: { id: SnapshotId.of(book.ids.next()), portfolioId, takenAt: start },
  };
}
