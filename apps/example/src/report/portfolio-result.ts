import { everyItem, type BookReader } from '@blotter/application';
import {
  performanceSummary,
  snapshotEquity,
  Timestamp,
  type EquitySeries,
  type PerformanceSummary,
  type Portfolio,
} from '@blotter/domain';
import type { Desk } from '../session/trade-day.js';

/** What became of a portfolio, as the book has it. */
export interface PortfolioResult {
  readonly portfolio: Portfolio;
  /** One point a day; the first is the capital. */
  readonly series: EquitySeries;
  readonly figures: PerformanceSummary;
}

const [EVER, FOREVER] = [Timestamp.of('0001-01-01'), Timestamp.of('9999-12-31')];

/** Reads what became of a portfolio from its snapshots and its totals. */
export async function readResult(read: BookReader, { portfolioId, plan }: Desk): Promise<PortfolioResult> {
  const portfolio = await read.portfolios.get(portfolioId);
  const series: EquitySeries[number][] = [];
  for await (const snapshot of everyItem((page) => read.snapshots.listBetween(portfolioId, EVER, FOREVER, page))) {
    series.push({ at: snapshot.takenAt, equity: snapshotEquity(snapshot) });
  }
  return {
    portfolio,
    series,
    figures: performanceSummary({ series, totals: portfolio, periodsPerYear: plan.periodsPerYear }),
  };
}
