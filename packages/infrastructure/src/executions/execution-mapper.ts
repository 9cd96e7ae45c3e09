import {
  BrokerExecutionId,
  Currency,
  Execution,
  ExecutionId,
  Money,
  Multiplier,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Venue,
} from '@blotter/domain';
import { momentFromRow } from '../database/rows.js';
import type { executions } from './execution-table.js';

export type ExecutionRow = typeof executions.$inferSelect;

export function executionToRow(execution: Execution): ExecutionRow {
  return {
    id: execution.id,
    portfolioId: execution.portfolioId,
    sequence: execution.sequence,
    orderId: execution.orderId,
    venue: execution.venue,
    brokerExecutionId: execution.brokerExecutionId,
    symbol: execution.symbol,
    side: execution.side,
    quantity: execution.quantity.toString(),
    price: execution.price.toString(),
    multiplier: execution.multiplier.toString(),
    commission: execution.commission.amount,
    currency: execution.currency,
    executedAt: execution.executedAt,
    recordedAt: execution.recordedAt,
  };
}

export function executionFromRow(row: ExecutionRow): Execution {
  return Execution.restore({
    id: ExecutionId.of(row.id),
    portfolioId: PortfolioId.of(row.portfolioId),
    sequence: row.sequence,
    orderId: OrderId.of(row.orderId),
    venue: Venue.of(row.venue),
    brokerExecutionId: BrokerExecutionId.of(row.brokerExecutionId),
    symbol: Ticker.of(row.symbol),
    side: row.side,
    quantity: Quantity.of(row.quantity),
    price: Price.of(row.price),
    multiplier: Multiplier.of(row.multiplier),
    commission: Money.of(row.commission, Currency.of(row.currency)),
    executedAt: momentFromRow(row.executedAt),
    recordedAt: momentFromRow(row.recordedAt),
  });
}
