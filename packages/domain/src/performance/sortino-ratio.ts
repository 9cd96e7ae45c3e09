import { Decimal, ratio, type DecimalInput } from '../values/decimal.js';
import { downsideDeviation, mean } from './deviation.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { periodReturns } from './period-returns.js';
import { checkedPeriodsPerYear, type PerYear } from './periods-per-year.js';

export interface SortinoOptions extends PerYear {
  /** Per year, "0.05" for five per cent; divided by the periods per year for one period. Zero unless said otherwise. */
  readonly minimumAcceptableReturn?: DecimalInput | undefined;
}

/**
 * The annualised Sortino ratio: (mean return − minimum acceptable return) / target downside deviation × √(periods per
 * year). The downside deviation is taken around the minimum acceptable return and divides by all n periods; dividing by
 * the losing ones alone, or taking their standard deviation, is common and wrong (T. Rollinger and S. Hoffman, Sortino:
 * A "Sharper" Ratio, Red Rock Capital, 2013, after F. Sortino and L. Price, Journal of Investing 3(3), 1994).
 * @returns undefined with fewer than two points, when no return is below the minimum, and as `periodReturns`
 * @throws ValidationError INVALID_PERIOD also for the periods per year; NOT_A_DECIMAL, FLOAT_REFUSED for the minimum
 */
export function sortinoRatio(series: EquitySeries, options: SortinoOptions): Decimal | undefined {
  const perYear = new Decimal(checkedPeriodsPerYear(options.periodsPerYear));
  const minimum = ratio(options.minimumAcceptableReturn ?? 0, 'minimum acceptable return').dividedBy(perYear);
  const returns = periodReturns(series);
  if (returns === undefined) return undefined;
  const deviation = downsideDeviation(returns, minimum);
  if (deviation.isZero()) return undefined;
  return figure(mean(returns).minus(minimum).times(perYear.squareRoot()).dividedBy(deviation));
}
