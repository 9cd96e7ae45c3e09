import { OrderTerms, Quantity, type Money, type OrderSide, type Price } from '@blotter/domain';
import type { Instrument } from '../broker/instrument.js';
import { roundDownToLot } from '../broker/round-to-lot.js';
import type { Target } from '../strategies/target.js';
import type { PortfolioPlan } from './portfolio-plan.js';

/** What is to be ordered. */
export interface OrderIntent {
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly terms: OrderTerms;
}

export interface Situation {
  readonly target: Target;
  /** Signed: below zero when short. */
  readonly held: Quantity;
  readonly equity: Money;
  readonly lastClose: Price;
}

/**
 * The order that leads from what is held to the target; undefined when there is nothing to do. Entries, exits and flips
 * are at the market, and a flip is one order. A position is resized when it is off by more than the plan tolerates,
 * and only at yesterday's close or better.
 */
export function orderTowards(
  { target, held, equity, lastClose }: Situation,
  instrument: Instrument,
  plan: Pick<PortfolioPlan, 'weight' | 'tolerance'>,
): OrderIntent | undefined {
  const wanted = wantedQuantity(target, equity, lastClose, instrument, plan);
  const difference = wanted.minus(held);
  if (difference.isZero) return undefined;
  const order = { side: difference.isPositive ? 'BUY' : 'SELL', quantity: difference.absolute() } as const;
  const isResize = !wanted.isZero && !held.isZero && wanted.isNegative === held.isNegative;
  if (!isResize) return { ...order, terms: OrderTerms.market };
  const tolerated = wanted.toDecimal().abs().times(plan.tolerance);
  if (order.quantity.toDecimal().lte(tolerated)) return undefined;
  return { ...order, terms: OrderTerms.limit(lastClose.roundToTick(instrument.tick)) };
}

function wantedQuantity(
  target: Target,
  equity: Money,
  lastClose: Price,
  instrument: Instrument,
  { weight }: Pick<PortfolioPlan, 'weight'>,
): Quantity {
  if (target === 'FLAT' || !equity.isPositive) return Quantity.zero;
  const quantity = roundDownToLot(equity.toDecimal().times(weight).dividedBy(lastClose.toDecimal()), instrument.lot);
  return target === 'LONG' ? quantity : quantity.negated();
}
