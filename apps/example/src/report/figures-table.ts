import { amount, count, day, percentage, plain } from './format.js';
import type { PortfolioResult } from './portfolio-result.js';
import { textTable } from './text-table.js';

type Row = readonly [title: string, show: (result: PortfolioResult) => string];

const ROWS: readonly Row[] = [
  ['From', ({ series }) => day(series[0]?.at)],
  ['To', ({ series }) => day(series.at(-1)?.at)],
  ['Capital', ({ portfolio }) => amount(portfolio.capital)],
  ['Equity', ({ series }) => amount(series.at(-1)?.equity)],
  ['Realised P&L', ({ portfolio }) => amount(portfolio.realisedPnl)],
  ['Commissions', ({ portfolio }) => amount(portfolio.commissions)],
  ['Total return', ({ figures }) => percentage(figures.totalReturn)],
  ['Annualised return', ({ figures }) => percentage(figures.annualisedReturn)],
  ['Volatility', ({ figures }) => percentage(figures.volatility)],
  ['Sharpe ratio', ({ figures }) => plain(figures.sharpeRatio)],
  ['Sortino ratio', ({ figures }) => plain(figures.sortinoRatio)],
  ['Maximum drawdown', ({ figures }) => percentage(figures.maximumDrawdown?.depth)],
  ['  from its peak', ({ figures }) => day(figures.maximumDrawdown?.peakAt)],
  ['  to its trough', ({ figures }) => day(figures.maximumDrawdown?.troughAt)],
  ['  recovered', ({ figures }) => day(figures.maximumDrawdown?.recoveredAt)],
  ['Calmar ratio', ({ figures }) => plain(figures.calmarRatio)],
  ['Trades', ({ figures }) => count(figures.tradeCount)],
  ['Win rate', ({ figures }) => percentage(figures.winRate)],
  ['Average win', ({ figures }) => amount(figures.averageWin)],
  ['Average loss', ({ figures }) => amount(figures.averageLoss)],
  ['Profit factor', ({ figures }) => plain(figures.profitFactor)],
  ['Expectancy', ({ figures }) => amount(figures.expectancy)],
];

/** The figures of the portfolios side by side; a dash for what is not defined. */
export function figuresTable(results: readonly PortfolioResult[]): string {
  return textTable(
    ['', ...results.map(({ portfolio }) => portfolio.name)],
    ROWS.map(([title, show]) => [title, ...results.map(show)]),
    ['left', ...results.map(() => 'right' as const)],
  );
}
