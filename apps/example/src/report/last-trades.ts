import type { BookReader } from '@blotter/application';
import { ExecutionId, type OrderSide, type Position } from '@blotter/domain';
import type { Desk } from '../session/trade-day.js';
import { amount, day, percentage } from './format.js';
import { textTable } from './text-table.js';

/** A trade that has ended: a position from flat to flat. */
interface ClosedTrade {
  readonly position: Position;
  /** Which way it went: its closed position holds nothing, but its first execution still says so. */
  readonly side: OrderSide | undefined;
}

const SHOWN = 5;

/** The trades of each portfolio that were opened last and have ended. */
export async function readLastTrades(read: BookReader, desks: readonly Desk[]): Promise<readonly ClosedTrade[]> {
  const lists = await Promise.all(
    desks.map(({ portfolioId }) => read.positions.listClosed(portfolioId, { limit: SHOWN, newestFirst: true })),
  );
  return Promise.all(
    lists.flatMap(({ items }) =>
      // A position bears the id of the execution that opened it.
      items.map(async (position) => ({
        position,
        side: (await read.executions.find(ExecutionId.of(position.id)))?.side,
      })),
    ),
  );
}

export function tradesTable(trades: readonly ClosedTrade[]): string {
  return textTable(
    ['Symbol', 'Side', 'Opened', 'Closed', 'Invested', 'P&L after commissions', 'Return'],
    trades.map(({ position, side }) => [
      position.symbol,
      side === 'SELL' ? 'short' : 'long',
      day(position.openedAt),
      day(position.closedAt),
      amount(position.invested),
      amount(position.totalPnl()),
      percentage(position.returnRatio()),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right'],
  );
}
