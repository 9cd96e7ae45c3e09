export type { EquityPoint, EquitySeries } from './equity-series.js';
export type { PerYear } from './periods-per-year.js';
export { periodReturns } from './period-returns.js';
export { returnIndex, type IndexPoint } from './return-index.js';
export { annualisedReturn, totalReturn } from './total-return.js';
export { volatility } from './volatility.js';
export { sharpeRatio, type SharpeOptions } from './sharpe-ratio.js';
export { sortinoRatio, type SortinoOptions } from './sortino-ratio.js';
export { maximumDrawdown, type Drawdown } from './maximum-drawdown.js';
export { calmarRatio } from './calmar-ratio.js';
export { tradeTotals, type ClosedTrade, type TradeTotals } from './trade-totals.js';
export { averageLoss, averageWin, expectancy, profitFactor, winRate } from './trade-figures.js';
export {
  performanceSummary,
  type PerformanceInput,
  type PerformanceSummary,
  type TradeSource,
} from './performance-summary.js';
