import { Decimal } from '../values/decimal.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { checkedPeriodsPerYear, type PerYear } from './periods-per-year.js';
import { returnIndex } from './return-index.js';

/**
 * The time-weighted return of the whole series: ∏(1 + r) − 1 (Bacon 2008, chapter 2).
 * @returns undefined and throws as `periodReturns`
 */
export function totalReturn(series: EquitySeries): Decimal | undefined {
  const growth = growthOf(series);
  return growth && figure(growth.minus(1));
}

/**
 * The compound return per year: (1 + total return)^(periods per year / periods) − 1 (Bacon 2008, chapter 2, "annualised
 * returns"; not the mean return times the periods). A series shorter than a year is extrapolated: it may serve for a
 * ratio, but GIPS forbids presenting it as a return.
 * @returns undefined as `periodReturns`
 * @throws ValidationError INVALID_PERIOD also for the periods per year
 */
export function annualisedReturn(series: EquitySeries, { periodsPerYear }: PerYear): Decimal | undefined {
  const perYear = new Decimal(checkedPeriodsPerYear(periodsPerYear));
  const growth = growthOf(series);
  return growth && figure(growth.toPower(perYear.dividedBy(series.length - 1)).minus(1));
}

function growthOf(series: EquitySeries): Decimal | undefined {
  return returnIndex(series)?.at(-1)?.value;
}
