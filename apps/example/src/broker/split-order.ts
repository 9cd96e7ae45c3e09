import { Decimal, Quantity } from '@blotter/domain';
import type { Chance } from './chance.js';
import type { Instrument } from './instrument.js';
import { roundDownToLot } from './round-to-lot.js';

/** Beyond these an order would have more executions than anyone wants to see; the last one takes what is left. */
const MOST_EXECUTIONS = 8;

/**
 * The quantities in which an order is executed: one, or several where it is large against the day's volume; what is
 * beyond the order's share of the day is missing at the end. Empty when not one lot is to be had.
 */
export function splitOrder(
  quantity: Quantity,
  volume: Quantity,
  instrument: Instrument,
  chance: Chance,
): readonly Quantity[] {
  const { lot, executionShare, dayShare } = instrument;
  const available = roundDownToLot(volume.toDecimal().times(dayShare), lot);
  const most = roundDownToLot(volume.toDecimal().times(executionShare), lot);
  let remaining = quantity.compare(available) < 0 ? quantity : available;
  const parts: Quantity[] = [];
  while (remaining.isPositive) {
    const isLast = parts.length + 1 === MOST_EXECUTIONS || remaining.compare(most) <= 0;
    const wanted = roundDownToLot(most.toDecimal().times(chance.between(60, 100)).dividedBy(100), lot);
    const part = isLast ? remaining : Quantity.of(Decimal.max(wanted.toDecimal(), lot.toDecimal()));
    parts.push(part);
    remaining = remaining.minus(part);
  }
  return parts;
}
