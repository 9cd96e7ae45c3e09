import type { Mark } from '../marks/index.js';
import { Position, type PositionState } from '../positions/index.js';
import {
  Currency,
  Money,
  Multiplier,
  PortfolioId,
  PositionId,
  Price,
  Quantity,
  Tags,
  Ticker,
  Timestamp,
} from '../values/index.js';
import { anyUuid } from './test-ids.js';

/** An open position: 10 AAPL, bought at 100. What is given must fit together, as in storage. */
export function anyPosition(given: Partial<PositionState> = {}): Position {
  const currency = given.currency ?? Currency.of('USD');
  return Position.restore({
    id: PositionId.of(anyUuid()),
    portfolioId: PortfolioId.of(anyUuid()),
    symbol: Ticker.of('AAPL'),
    currency,
    multiplier: Multiplier.one,
    quantity: Quantity.of(10),
    costBasis: Money.of(1000, currency),
    realisedPnl: Money.zero(currency),
    commission: Money.zero(currency),
    invested: Money.of(1000, currency),
    maxValue: Money.of(1000, currency),
    stopLoss: undefined,
    takeProfit: undefined,
    strategy: undefined,
    tags: Tags.none,
    openedAt: Timestamp.of('2026-01-05T14:30:01Z'),
    closedAt: undefined,
    version: 0,
    ...given,
  });
}

/** A closed position: 10 AAPL, bought at 100 and sold at 110. */
export function anyClosedPosition(given: Partial<PositionState> = {}): Position {
  const currency = given.currency ?? Currency.of('USD');
  return anyPosition({
    quantity: Quantity.zero,
    costBasis: Money.zero(currency),
    realisedPnl: Money.of(100, currency),
    closedAt: Timestamp.of('2026-01-06T14:30:01Z'),
    ...given,
  });
}

/** AAPL at 110. */
export function anyMark(given: Partial<Mark> = {}): Mark {
  return { symbol: Ticker.of('AAPL'), price: Price.of(110), at: Timestamp.of('2026-01-05T20:00:00Z'), ...given };
}
