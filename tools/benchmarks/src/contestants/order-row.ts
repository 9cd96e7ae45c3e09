import type { NewOrder, SubmittedOrder } from '../book/inputs.js';

/** The columns of a new order that are not null, as the table has them. */
export function orderRow(order: NewOrder) {
  return {
    id: order.id,
    portfolio_id: order.portfolioId,
    client_order_id: order.clientOrderId,
    symbol: order.symbol,
    side: 'BUY' as const,
    quantity: order.quantity,
    type: 'LIMIT' as const,
    limit_price: order.limitPrice,
    time_in_force: 'DAY' as const,
    multiplier: '1',
    currency: 'USD',
    tags: {},
    status: 'PENDING' as const,
    filled_quantity: '0',
    filled_notional: '0',
    commission: '0',
    created_at: order.createdAt,
    version: order.version + 1,
  };
}

export type NewOrderRow = ReturnType<typeof orderRow>;

/** In their order. */
export const NEW_ORDER_COLUMNS: readonly (keyof NewOrderRow)[] = [
  'id',
  'portfolio_id',
  'client_order_id',
  'symbol',
  'side',
  'quantity',
  'type',
  'limit_price',
  'time_in_force',
  'multiplier',
  'currency',
  'tags',
  'status',
  'filled_quantity',
  'filled_notional',
  'commission',
  'created_at',
  'version',
];

/** The same of an order that its broker has taken. */
export function submittedRow(order: SubmittedOrder) {
  return {
    ...orderRow(order),
    status: 'SUBMITTED' as const,
    broker_order_id: order.brokerOrderId,
    submitted_at: order.submittedAt,
  };
}

export type SubmittedOrderRow = ReturnType<typeof submittedRow>;
