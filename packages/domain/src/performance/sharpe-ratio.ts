import { Decimal, ratio, type DecimalInput } from '../values/decimal.js';
import { mean, sampleDeviation } from './deviation.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { periodReturns } from './period-returns.js';
import { checkedPeriodsPerYear, type PerYear } from './periods-per-year.js';

export interface SharpeOptions extends PerYear {
  /** Per year, "0.02" for two per cent; divided by the periods per year for one period. Zero unless said otherwise. */
  readonly riskFreeRate?: DecimalInput | undefined;
}

/**
 * The annualised Sharpe ratio: (mean return − risk-free rate) / s × √(periods per year), s being the deviation of a
 * sample, n − 1 (W. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21(1), 1994: arithmetic mean of the
 * differential returns, and the √T of its section on time dependence).
 * @returns undefined with fewer than three points, when the returns do not vary, and as `periodReturns`
 * @throws ValidationError INVALID_PERIOD also for the periods per year; NOT_A_DECIMAL, FLOAT_REFUSED for the rate
 */
export function sharpeRatio(series: EquitySeries, options: SharpeOptions): Decimal | undefined {
  const perYear = new Decimal(checkedPeriodsPerYear(options.periodsPerYear));
  const riskFree = ratio(options.riskFreeRate ?? 0, 'risk-free rate').dividedBy(perYear);
  const returns = periodReturns(series);
  if (returns === undefined) return undefined;
  const deviation = sampleDeviation(returns);
  if (deviation === undefined || deviation.isZero()) return undefined;
  return figure(mean(returns).minus(riskFree).times(perYear.squareRoot()).dividedBy(deviation));
}
