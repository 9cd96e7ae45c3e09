import {
  BrokerOrderId,
  ClientOrderId,
  Currency,
  Multiplier,
  Order,
  OrderId,
  OrderTerms,
  PortfolioId,
  Quantity,
  StrategyName,
  Tags,
  Ticker,
} from '@blotter/domain';
import { moneyIn, momentFromRow, optionalMoment, optionalPrice } from '../database/rows.js';
import type { orders } from './order-table.js';

export type OrderRow = typeof orders.$inferSelect;

export function orderToRow(order: Order): OrderRow {
  return {
    id: order.id,
    portfolioId: order.portfolioId,
    clientOrderId: order.clientOrderId,
    brokerOrderId: order.brokerOrderId ?? null,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity.toString(),
    type: order.terms.type,
    limitPrice: order.terms.limitPrice?.toString() ?? null,
    stopPrice: order.terms.stopPrice?.toString() ?? null,
    timeInForce: order.timeInForce,
    multiplier: order.multiplier.toString(),
    currency: order.currency,
    strategy: order.strategy ?? null,
    tags: order.tags,
    status: order.status,
    filledQuantity: order.filledQuantity.toString(),
    filledNotional: order.filledNotional.amount,
    commission: order.commission.amount,
    reason: order.reason ?? null,
    createdAt: order.createdAt,
    submittedAt: order.submittedAt ?? null,
    filledAt: order.filledAt ?? null,
    closedAt: order.closedAt ?? null,
    version: order.version,
  };
}

export function orderFromRow(row: OrderRow): Order {
  const currency = Currency.of(row.currency);
  const money = moneyIn(currency);
  return Order.restore({
    id: OrderId.of(row.id),
    portfolioId: PortfolioId.of(row.portfolioId),
    clientOrderId: ClientOrderId.of(row.clientOrderId),
    brokerOrderId: row.brokerOrderId === null ? undefined : BrokerOrderId.of(row.brokerOrderId),
    symbol: Ticker.of(row.symbol),
    side: row.side,
    quantity: Quantity.of(row.quantity),
    terms: OrderTerms.of(row.type, {
      limitPrice: optionalPrice(row.limitPrice),
      stopPrice: optionalPrice(row.stopPrice),
    }),
    timeInForce: row.timeInForce,
    multiplier: Multiplier.of(row.multiplier),
    currency,
    strategy: row.strategy === null ? undefined : StrategyName.of(row.strategy),
    tags: Tags.of(row.tags),
    status: row.status,
    filledQuantity: Quantity.of(row.filledQuantity),
    filledNotional: money(row.filledNotional),
    commission: money(row.commission),
    reason: row.reason ?? undefined,
    createdAt: momentFromRow(row.createdAt),
    submittedAt: optionalMoment(row.submittedAt),
    filledAt: optionalMoment(row.filledAt),
    closedAt: optionalMoment(row.closedAt),
    version: row.version,
  });
}
