import { ValidationError } from '../errors.js';
import type { Currency } from '../values/currency.js';
import type { PortfolioId, PositionId, StrategyName } from '../values/ids.js';
import type { Money } from '../values/money.js';
import type { Multiplier } from '../values/multiplier.js';
import type { Price } from '../values/price.js';
import type { Quantity } from '../values/quantity.js';
import type { Tags } from '../values/tags.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import type { Fill } from './fill.js';

export type PositionSide = 'LONG' | 'SHORT' | 'FLAT';

/** Everything a position is, as stored. */
export interface PositionState {
  readonly id: PositionId;
  readonly portfolioId: PortfolioId;
  readonly symbol: Ticker;
  readonly currency: Currency;
  readonly multiplier: Multiplier;
  /** Above zero when long, below when short, zero when closed. */
  readonly quantity: Quantity;
  /** What the open quantity cost: above zero when long, below when short (the proceeds). Zero when closed. */
  readonly costBasis: Money;
  /** Profit and loss of what was closed, before commissions. */
  readonly realisedPnl: Money;
  readonly commission: Money;
  /** Sum of the notionals that opened or enlarged the position; the base of its return. Not negative. */
  readonly invested: Money;
  /** The largest market value it had right after a fill, at that fill's price; absolute. */
  readonly maxValue: Money;
  readonly stopLoss: Price | undefined;
  readonly takeProfit: Price | undefined;
  readonly strategy: StrategyName | undefined;
  readonly tags: Tags;
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp | undefined;
  readonly version: number;
}

/** Where a new position comes from. */
export type PositionOrigin = Pick<PositionState, 'id' | 'portfolioId' | 'symbol' | 'multiplier'> & {
  readonly strategy?: StrategyName | undefined;
  readonly tags?: Tags | undefined;
};

/** @throws ValidationError INVALID_POSITION when the figures contradict each other, INVALID_VERSION */
export function checkedPosition(state: PositionState): PositionState {
  const { id, quantity, costBasis, invested, maxValue, closedAt } = state;
  if (quantity.isZero !== (closedAt !== undefined) || (quantity.isZero && !costBasis.isZero)) {
    throw invalid(id, 'A position is closed exactly when it holds nothing and cost nothing.');
  }
  if (differInSign(quantity, costBasis)) {
    throw invalid(id, 'The cost basis of a long position is not below zero, that of a short one not above.');
  }
  if (invested.isNegative || maxValue.isNegative) {
    throw invalid(id, 'What was invested in a position, and its largest value, are not below zero.');
  }
  checkedVersion(state.version);
  return state;
}

/** A fill is a public shape that anybody can write down, so its signs are checked where it is used. */
export function checkFill(id: PositionId, { quantity, notional }: Fill): void {
  if (quantity.isZero) throw invalid(id, 'A fill of nothing changes no position.');
  if (differInSign(quantity, notional)) throw invalid(id, 'Quantity and notional of a fill must have the same sign.');
}

export function invalid(id: PositionId, message: string): ValidationError {
  return new ValidationError('INVALID_POSITION', message, { entity: 'position', id });
}

/** Zero, to which a tiny notional may round, differs from neither. */
function differInSign(quantity: Quantity, amount: Money): boolean {
  return (quantity.isPositive && amount.isNegative) || (quantity.isNegative && amount.isPositive);
}
