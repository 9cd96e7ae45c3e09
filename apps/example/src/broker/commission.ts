import { Decimal, Money, Multiplier, type Price, type Quantity } from '@blotter/domain';
import type { CommissionSchedule } from './instrument.js';

/** The decimals of a commission as the broker states it. */
const PLACES = 8;

/** The commission of one execution, rounded half to even to eight decimals, and never below the schedule's minimum. */
export function commissionOf(schedule: CommissionSchedule, quantity: Quantity, price: Price): Money {
  const { currency } = schedule.minimum;
  const exact =
    'perUnit' in schedule
      ? quantity.toDecimal().times(schedule.perUnit)
      : Money.notional(quantity, price, Multiplier.one, currency).toDecimal().times(schedule.shareOfNotional);
  const stated = Money.of(exact.toDecimalPlaces(PLACES, Decimal.ROUND_HALF_EVEN), currency);
  return stated.compare(schedule.minimum) < 0 ? schedule.minimum : stated;
}
