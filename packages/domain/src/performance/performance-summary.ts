import { CurrencyMismatchError } from '../errors.js';
import type { Currency } from '../values/currency.js';
import type { Decimal } from '../values/decimal.js';
import type { Money } from '../values/money.js';
import { calmarRatio } from './calmar-ratio.js';
import type { EquitySeries } from './equity-series.js';
import { maximumDrawdown, type Drawdown } from './maximum-drawdown.js';
import { sharpeRatio, type SharpeOptions } from './sharpe-ratio.js';
import { sortinoRatio, type SortinoOptions } from './sortino-ratio.js';
import { annualisedReturn, totalReturn } from './total-return.js';
import { averageLoss, averageWin, expectancy, profitFactor, winRate } from './trade-figures.js';
import { tradeTotals, type ClosedTrade, type TradeTotals } from './trade-totals.js';
import { volatility } from './volatility.js';

/** Closed trades one by one, or the totals that a portfolio keeps of them: the portfolio itself will do. */
export type TradeSource =
  | { readonly trades: readonly ClosedTrade[]; readonly currency: Currency; readonly totals?: never }
  | { readonly totals: TradeTotals; readonly trades?: never };

/** The minimum acceptable return is the risk-free rate unless said otherwise. */
export type PerformanceInput = { readonly series: EquitySeries } & TradeSource & SharpeOptions & SortinoOptions;

/** Every figure, each as the function of its name says; undefined where it is not defined, never a stand-in number. */
export interface PerformanceSummary extends TradeTotals {
  /** How many returns the figures over the series rest on. */
  readonly periods: number;
  readonly totalReturn: Decimal | undefined;
  readonly annualisedReturn: Decimal | undefined;
  readonly volatility: Decimal | undefined;
  readonly sharpeRatio: Decimal | undefined;
  readonly sortinoRatio: Decimal | undefined;
  readonly maximumDrawdown: Drawdown | undefined;
  readonly calmarRatio: Decimal | undefined;
  readonly winRate: Decimal | undefined;
  readonly averageWin: Money | undefined;
  readonly averageLoss: Money | undefined;
  readonly profitFactor: Decimal | undefined;
  readonly expectancy: Money | undefined;
}

/**
 * All the figures of a portfolio.
 * @throws ValidationError and CurrencyMismatchError as the functions do, and CurrencyMismatchError when the series and
 * the trades are of two currencies
 */
export function performanceSummary(input: PerformanceInput): PerformanceSummary {
  const { series, periodsPerYear, riskFreeRate, minimumAcceptableReturn = riskFreeRate } = input;
  const totals = input.totals ?? tradeTotals(input.trades, input.currency);
  const currency = series[0]?.equity.currency ?? totals.grossProfit.currency;
  if (currency !== totals.grossProfit.currency) {
    throw new CurrencyMismatchError(currency, totals.grossProfit.currency);
  }
  return {
    periods: Math.max(series.length - 1, 0),
    totalReturn: totalReturn(series),
    annualisedReturn: annualisedReturn(series, { periodsPerYear }),
    volatility: volatility(series, { periodsPerYear }),
    sharpeRatio: sharpeRatio(series, { periodsPerYear, riskFreeRate }),
    sortinoRatio: sortinoRatio(series, { periodsPerYear, minimumAcceptableReturn }),
    maximumDrawdown: maximumDrawdown(series),
    calmarRatio: calmarRatio(series, { periodsPerYear }),
    tradeCount: totals.tradeCount,
    winCount: totals.winCount,
    lossCount: totals.lossCount,
    grossProfit: totals.grossProfit,
    grossLoss: totals.grossLoss,
    winRate: winRate(totals),
    averageWin: averageWin(totals),
    averageLoss: averageLoss(totals),
    profitFactor: profitFactor(totals),
    expectancy: expectancy(totals),
  };
}
