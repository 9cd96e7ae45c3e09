import { Currency, Money, Portfolio, PortfolioId, ratio, StrategyName, Tags } from '@blotter/domain';
import { moneyIn, momentFromRow } from '../database/rows.js';
import type { portfolios } from './portfolio-table.js';

export type PortfolioRow = typeof portfolios.$inferSelect;

export function portfolioToRow(portfolio: Portfolio): PortfolioRow {
  const { limits } = portfolio;
  return {
    id: portfolio.id,
    name: portfolio.name,
    currency: portfolio.currency,
    strategy: portfolio.strategy ?? null,
    tags: portfolio.tags,
    maxPositionValue: limits.maxPositionValue?.amount ?? null,
    maxOpenPositions: limits.maxOpenPositions ?? null,
    maxLeverage: limits.maxLeverage?.toFixed() ?? null,
    maxRiskPerOrder: limits.maxRiskPerOrder?.toFixed() ?? null,
    cash: portfolio.cash.amount,
    deposits: portfolio.deposits.amount,
    withdrawals: portfolio.withdrawals.amount,
    realisedPnl: portfolio.realisedPnl.amount,
    commissions: portfolio.commissions.amount,
    tradeCount: portfolio.tradeCount,
    winCount: portfolio.winCount,
    lossCount: portfolio.lossCount,
    grossProfit: portfolio.grossProfit.amount,
    grossLoss: portfolio.grossLoss.amount,
    lastSequence: portfolio.lastSequence,
    openedAt: portfolio.openedAt,
    version: portfolio.version,
  };
}

export function portfolioFromRow(row: PortfolioRow): Portfolio {
  const currency = Currency.of(row.currency);
  const money = moneyIn(currency);
  return Portfolio.restore({
    id: PortfolioId.of(row.id),
    name: row.name,
    currency,
    strategy: row.strategy === null ? undefined : StrategyName.of(row.strategy),
    tags: Tags.of(row.tags),
    limits: {
      maxPositionValue: row.maxPositionValue === null ? undefined : Money.of(row.maxPositionValue, currency),
      maxOpenPositions: row.maxOpenPositions ?? undefined,
      maxLeverage: row.maxLeverage === null ? undefined : ratio(row.maxLeverage, 'leverage limit'),
      maxRiskPerOrder: row.maxRiskPerOrder === null ? undefined : ratio(row.maxRiskPerOrder, 'risk limit'),
    },
    cash: money(row.cash),
    deposits: money(row.deposits),
    withdrawals: money(row.withdrawals),
    realisedPnl: money(row.realisedPnl),
    commissions: money(row.commissions),
    tradeCount: row.tradeCount,
    winCount: row.winCount,
    lossCount: row.lossCount,
    grossProfit: money(row.grossProfit),
    grossLoss: money(row.grossLoss),
    lastSequence: row.lastSequence,
    openedAt: momentFromRow(row.openedAt),
    version: row.version,
  });
}
