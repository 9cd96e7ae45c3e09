import { ValidationError } from '../errors.js';
import type { PortfolioId, SnapshotId } from '../values/ids.js';
import { Money } from '../values/money.js';
import type { Price } from '../values/price.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';
import type { Mark } from '../marks/mark.js';
import type { Position } from '../positions/position.js';
import type { Portfolio } from './portfolio.js';

/** An open position and the last price of its symbol, where there is one. */
export interface MarkedPosition {
  readonly position: Position;
  readonly mark: Mark | undefined;
}

/** The prices that positions were valued at, by symbol; none for a symbol that had no mark. */
export type MarkPrices = Readonly<Record<Ticker, Price>>;

/** What a portfolio was worth at a moment. A fact: it is taken once and never changes. */
export interface PortfolioSnapshot {
  readonly id: SnapshotId;
  readonly portfolioId: PortfolioId;
  readonly takenAt: Timestamp;
  /** The last entry of the ledger that the snapshot includes. */
  readonly sequence: number;
  readonly cash: Money;
  readonly deposits: Money;
  readonly withdrawals: Money;
  readonly realisedPnl: Money;
  readonly commissions: Money;
  /** Signed cost basis of the open positions. */
  readonly costBasis: Money;
  /** Signed market value of the open positions, each at its mark; at its cost where it has none. */
  readonly marketValue: Money;
  readonly openPositions: number;
  /** Open positions that were valued at cost, for want of a mark. */
  readonly unmarkedPositions: number;
  /**
   * What the market value was reckoned with, so that it can be reckoned again when the marks have moved on.
   * Undefined only in snapshots that were stored before marks were kept.
   */
  readonly marks: MarkPrices | undefined;
}

/** The snapshot of a portfolio with all its open positions. @throws ValidationError as {@link marketValueOf} */
export function snapshotOf(
  id: SnapshotId,
  takenAt: Timestamp,
  portfolio: Portfolio,
  positions: readonly MarkedPosition[],
): PortfolioSnapshot {
  const zero = Money.zero(portfolio.currency);
  return Object.freeze({
    id,
    portfolioId: portfolio.id,
    takenAt,
    sequence: portfolio.lastSequence,
    cash: portfolio.cash,
    deposits: portfolio.deposits,
    withdrawals: portfolio.withdrawals,
    realisedPnl: portfolio.realisedPnl,
    commissions: portfolio.commissions,
    costBasis: positions.reduce((sum, { position }) => sum.plus(position.costBasis), zero),
    marketValue: marketValueOf(portfolio, positions),
    openPositions: positions.length,
    unmarkedPositions: positions.filter(({ mark }) => mark === undefined).length,
    marks: pricesOf(positions),
  });
}

function pricesOf(positions: readonly MarkedPosition[]): MarkPrices {
  return Object.freeze(Object.fromEntries(positions.flatMap(({ mark }) => (mark ? [[mark.symbol, mark.price]] : []))));
}

/**
 * Signed market value of the positions, each at its mark; at its cost where it has none.
 * @throws ValidationError INVALID_PORTFOLIO for a position of another portfolio, or the mark of another symbol
 */
export function marketValueOf(portfolio: Portfolio, positions: readonly MarkedPosition[]): Money {
  if (!positions.every((marked) => belongs(marked, portfolio))) {
    throw new ValidationError(
      'INVALID_PORTFOLIO',
      'A position is of another portfolio, or its mark of another symbol.',
      {
        entity: 'portfolio',
        id: portfolio.id,
      },
    );
  }
  return positions.reduce(
    (sum, { position, mark }) => sum.plus(mark ? position.marketValue(mark.price) : position.costBasis),
    Money.zero(portfolio.currency),
  );
}

function belongs({ position, mark }: MarkedPosition, portfolio: Portfolio): boolean {
  return position.portfolioId === portfolio.id && (mark === undefined || mark.symbol === position.symbol);
}

/** Cash and market value of a snapshot. */
export function snapshotEquity(snapshot: PortfolioSnapshot): Money {
  return snapshot.cash.plus(snapshot.marketValue);
}
