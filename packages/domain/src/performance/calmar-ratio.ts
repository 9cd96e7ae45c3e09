import type { Decimal } from '../values/decimal.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { maximumDrawdown } from './maximum-drawdown.js';
import type { PerYear } from './periods-per-year.js';
import { annualisedReturn } from './total-return.js';

/**
 * The Calmar ratio: compound return per year / maximum drawdown (T. Young, Calmar Ratio: A Smoother Tool, Futures,
 * October 1991). Young takes the last 36 months; this takes the series it is given.
 * @returns undefined when there was no drawdown, and as `periodReturns`
 * @throws ValidationError INVALID_PERIOD also for the periods per year
 */
export function calmarRatio(series: EquitySeries, perYear: PerYear): Decimal | undefined {
  const annualised = annualisedReturn(series, perYear);
  const drawdown = maximumDrawdown(series);
  if (annualised === undefined || drawdown === undefined || drawdown.depth.isZero()) return undefined;
  return figure(annualised.dividedBy(drawdown.depth));
}
