import type { Order, Portfolio, Position } from '@blotter/domain';
import type { BookHarness } from './contract-case.js';
import { transact } from './expectations.js';
import { anyOrder, anyPortfolio, anyPosition, randomTicker } from './samples.js';

/** A new portfolio with a pending order and an open position, each at version 1. */
export interface StoredBook {
  readonly portfolio: Portfolio;
  readonly order: Order;
  readonly position: Position;
}

export function storedBook(harness: BookHarness): Promise<StoredBook> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    return {
      portfolio,
      order: unit.orders.save(anyOrder(portfolio)),
      position: unit.positions.save(anyPosition(portfolio, { symbol: randomTicker() })),
    };
  });
}

/** The portfolio with another limit: a change that nothing else hangs on. */
export function changed(portfolio: Portfolio, maxOpenPositions = 7): Portfolio {
  return portfolio.withLimits({ maxOpenPositions });
}
