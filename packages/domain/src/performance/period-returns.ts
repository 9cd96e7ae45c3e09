import type { Decimal } from '../values/decimal.js';
import { periodsOf, type EquitySeries } from './equity-series.js';
import { figure } from './figure.js';

/**
 * The return of each period: (closing − opening) / opening, flows taken out as {@link periodsOf} says.
 * @returns undefined with fewer than two points, when a period opens at or below zero with no deposit to earn on,
 * and when a period lost more than everything
 * @throws ValidationError INVALID_PERIOD for points out of time order
 * @throws CurrencyMismatchError for points or flows of several currencies
 */
export function periodReturns(series: EquitySeries): readonly Decimal[] | undefined {
  return periodsOf(series)?.map(({ opening, closing }) => figure(closing.minus(opening).dividedBy(opening)));
}
