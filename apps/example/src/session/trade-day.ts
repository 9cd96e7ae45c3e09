import { ClientOrderId, OrderId, Quantity, marketValueOf, type PortfolioId } from '@blotter/domain';
import { Chance } from '../broker/chance.js';
import { workOrder } from '../broker/paper-broker.js';
import type { Instrument } from '../broker/instrument.js';
import type { Market, Quote } from '../prices/market.js';
import type { Target } from '../strategies/target.js';
import type { Book } from './book.js';
import { carryOutOrder } from './carry-out-order.js';
import { orderTowards, type OrderIntent } from './order-towards.js';
import type { PortfolioPlan } from './portfolio-plan.js';
import type { Tally } from './tally.js';
import { together } from './together.js';

/** A portfolio of the session at its work. */
export interface Desk {
  readonly plan: PortfolioPlan;
  readonly portfolioId: PortfolioId;
  readonly market: Market;
  /** The days to trade, oldest first. */
  readonly dates: readonly string[];
  readonly seed: string;
}

/** Trades one day: asks the book what is held, decides from the days before, and has the orders carried out. */
export async function tradeDay(book: Book, desk: Desk, date: string, tally: Tally): Promise<void> {
  const { plan, market, portfolioId } = desk;
  const { portfolio, positions } = await book.read.portfolios.getWithPositions(portfolioId);
  const equity = portfolio.equity(marketValueOf(portfolio, positions));
  const heldOf = new Map(positions.map(({ position }) => [position.symbol, position.quantity]));

  // Symbols do not depend on one another, so their orders are carried out side by side.
  const orders = market.quotesOn(date).flatMap((quote) => {
    const instrument = plan.instruments.find(({ symbol }) => symbol === quote.symbol);
    const lastClose = quote.history.at(-1)?.close;
    if (!instrument || !lastClose) return [];
    const held = heldOf.get(quote.symbol) ?? Quantity.zero;
    const target = plan.strategy(quote.history, targetOf(held));
    const intent = target && orderTowards({ target, held, equity, lastClose }, instrument, plan);
    return intent ? [place(book, desk, quote, instrument, intent, tally)] : [];
  });
  await together(orders);
}

function targetOf(held: Quantity): Target {
  if (held.isZero) return 'FLAT';
  return held.isPositive ? 'LONG' : 'SHORT';
}

function place(
  book: Book,
  { plan, portfolioId, seed }: Desk,
  { symbol, today }: Quote,
  instrument: Instrument,
  intent: OrderIntent,
  tally: Tally,
): Promise<void> {
  const name = `${symbol}-${today.date}`;
  const hours = plan.hoursOn(today.date);
  const events = workOrder({ ...intent, name, instrument }, today, hours, new Chance(seed, name));
  const command = {
    ...intent,
    id: OrderId.of(book.ids.next()),
    portfolioId,
    clientOrderId: ClientOrderId.of(name),
    symbol,
    timeInForce: 'DAY',
    createdAt: hours.open,
    strategy: plan.strategyName,
  } as const;
  return carryOutOrder(book, command, events, tally);
}
