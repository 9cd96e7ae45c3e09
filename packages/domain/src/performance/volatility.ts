import { Decimal } from '../values/decimal.js';
import { sampleDeviation } from './deviation.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { periodReturns } from './period-returns.js';
import { checkedPeriodsPerYear, type PerYear } from './periods-per-year.js';

/**
 * The annualised standard deviation of the returns: s × √(periods per year), where s is the deviation of a sample
 * (n − 1; Bacon 2008 takes n) of simple returns. The root holds for returns that do not depend on one another
 * (A. Lo, The Statistics of Sharpe Ratios, Financial Analysts Journal 58(4), 2002).
 * @returns undefined with fewer than three points, and as `periodReturns`
 * @throws ValidationError INVALID_PERIOD also for the periods per year
 */
export function volatility(series: EquitySeries, { periodsPerYear }: PerYear): Decimal | undefined {
  const perYear = new Decimal(checkedPeriodsPerYear(periodsPerYear));
  const returns = periodReturns(series);
  const deviation = returns && sampleDeviation(returns);
  return deviation && figure(deviation.times(perYear.squareRoot()));
}
