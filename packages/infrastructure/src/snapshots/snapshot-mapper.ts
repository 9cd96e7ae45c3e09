import { Currency, PortfolioId, SnapshotId, type PortfolioSnapshot } from '@blotter/domain';
import { moneyIn, momentFromRow } from '../database/rows.js';
import type { portfolioSnapshots } from './snapshot-table.js';

export type SnapshotRow = typeof portfolioSnapshots.$inferSelect;

export function snapshotToRow(snapshot: PortfolioSnapshot): SnapshotRow {
  return {
    id: snapshot.id,
    portfolioId: snapshot.portfolioId,
    takenAt: snapshot.takenAt,
    sequence: snapshot.sequence,
    currency: snapshot.cash.currency,
    cash: snapshot.cash.amount,
    deposits: snapshot.deposits.amount,
    withdrawals: snapshot.withdrawals.amount,
    realisedPnl: snapshot.realisedPnl.amount,
    commissions: snapshot.commissions.amount,
    costBasis: snapshot.costBasis.amount,
    marketValue: snapshot.marketValue.amount,
    openPositions: snapshot.openPositions,
    unmarkedPositions: snapshot.unmarkedPositions,
  };
}

export function snapshotFromRow(row: SnapshotRow): PortfolioSnapshot {
  const money = moneyIn(Currency.of(row.currency));
  return Object.freeze({
    id: SnapshotId.of(row.id),
    portfolioId: PortfolioId.of(row.portfolioId),
    takenAt: momentFromRow(row.takenAt),
    sequence: row.sequence,
    cash: money(row.cash),
    deposits: money(row.deposits),
    withdrawals: money(row.withdrawals),
    realisedPnl: money(row.realisedPnl),
    commissions: money(row.commissions),
    costBasis: money(row.costBasis),
    marketValue: money(row.marketValue),
    openPositions: row.openPositions,
    unmarkedPositions: row.unmarkedPositions,
  });
}
