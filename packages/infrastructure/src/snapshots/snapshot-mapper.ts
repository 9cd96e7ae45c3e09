import {
  Currency,
  PortfolioId,
  Price,
  SnapshotId,
  Ticker,
  type MarkPrices,
  type PortfolioSnapshot,
} from '@blotter/domain';
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
    marks: snapshot.marks ? marksToRow(snapshot.marks) : null,
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
    marks: row.marks ? marksFromRow(row.marks) : undefined,
  });
}

/** Text, because a number in JSON would be read as a float. */
function marksToRow(marks: MarkPrices): Record<string, string> {
  return Object.fromEntries(Object.entries(marks).map(([symbol, price]) => [symbol, price.toString()]));
}

function marksFromRow(marks: Readonly<Record<string, string>>): MarkPrices {
  return Object.freeze(
    Object.fromEntries(Object.entries(marks).map(([symbol, price]) => [Ticker.of(symbol), Price.of(price)])),
  );
}
