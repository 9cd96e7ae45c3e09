import {
  Currency,
  Multiplier,
  PortfolioId,
  Position,
  PositionId,
  Price,
  Quantity,
  StrategyName,
  Tags,
  Ticker,
  type MarkedPosition,
} from '@blotter/domain';
import { moneyIn, momentFromRow, optionalMoment, optionalPrice } from '../database/rows.js';
import type { positions } from './position-table.js';

export type PositionRow = typeof positions.$inferSelect;

export function positionToRow(position: Position): PositionRow {
  return {
    id: position.id,
    portfolioId: position.portfolioId,
    symbol: position.symbol,
    currency: position.currency,
    multiplier: position.multiplier.toString(),
    quantity: position.quantity.toString(),
    costBasis: position.costBasis.amount,
    realisedPnl: position.realisedPnl.amount,
    commission: position.commission.amount,
    invested: position.invested.amount,
    maxValue: position.maxValue.amount,
    stopLoss: position.stopLoss?.toString() ?? null,
    takeProfit: position.takeProfit?.toString() ?? null,
    strategy: position.strategy ?? null,
    tags: position.tags,
    openedAt: position.openedAt,
    closedAt: position.closedAt ?? null,
    version: position.version,
  };
}

export function positionFromRow(row: PositionRow): Position {
  const currency = Currency.of(row.currency);
  const money = moneyIn(currency);
  return Position.restore({
    id: PositionId.of(row.id),
    portfolioId: PortfolioId.of(row.portfolioId),
    symbol: Ticker.of(row.symbol),
    currency,
    multiplier: Multiplier.of(row.multiplier),
    quantity: Quantity.of(row.quantity),
    costBasis: money(row.costBasis),
    realisedPnl: money(row.realisedPnl),
    commission: money(row.commission),
    invested: money(row.invested),
    maxValue: money(row.maxValue),
    stopLoss: optionalPrice(row.stopLoss),
    takeProfit: optionalPrice(row.takeProfit),
    strategy: row.strategy === null ? undefined : StrategyName.of(row.strategy),
    tags: Tags.of(row.tags),
    openedAt: momentFromRow(row.openedAt),
    closedAt: optionalMoment(row.closedAt),
    version: row.version,
  });
}

/** A position's row beside the mark of its symbol, where there is one. */
export interface MarkedPositionRow {
  readonly position: PositionRow;
  readonly markPrice: string | null;
  readonly markAt: string | null;
}

export function markedPositionFromRow(row: MarkedPositionRow): MarkedPosition {
  const position = positionFromRow(row.position);
  if (row.markPrice === null || row.markAt === null) return { position, mark: undefined };
  return { position, mark: { symbol: position.symbol, price: Price.of(row.markPrice), at: momentFromRow(row.markAt) } };
}
