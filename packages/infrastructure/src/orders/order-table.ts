import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { decimal, moment, tags } from '../database/columns.js';
import { portfolios } from '../portfolios/portfolio-table.js';

export const orderSide = pgEnum('order_side', ['BUY', 'SELL']);
export const orderType = pgEnum('order_type', ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
export const timeInForce = pgEnum('time_in_force', ['DAY', 'GTC', 'IOC', 'FOK']);
export const orderStatus = pgEnum('order_status', [
  'PENDING',
  'SUBMITTED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
]);

export const orders = pgTable(
  'orders',
  {
    id: uuid().primaryKey(),
    portfolioId: uuid().notNull(),
    clientOrderId: text().notNull(),
    brokerOrderId: text(),
    symbol: text().notNull(),
    side: orderSide().notNull(),
    quantity: decimal().notNull(),
    type: orderType().notNull(),
    limitPrice: decimal(),
    stopPrice: decimal(),
    timeInForce: timeInForce().notNull(),
    multiplier: decimal().notNull(),
    currency: text().notNull(),
    strategy: text(),
    tags: tags(),
    status: orderStatus().notNull(),
    filledQuantity: decimal().notNull(),
    filledNotional: decimal().notNull(),
    commission: decimal().notNull(),
    reason: text(),
    createdAt: moment().notNull(),
    submittedAt: moment(),
    filledAt: moment(),
    closedAt: moment(),
    version: integer().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'orders_portfolio_fkey',
      columns: [table.portfolioId, table.currency],
      foreignColumns: [portfolios.id, portfolios.currency],
    }),
    // findByClientOrderId
    unique('orders_client_order_id_key').on(table.portfolioId, table.clientOrderId),
    // findByBrokerOrderId
    uniqueIndex('orders_broker_order_id_key')
      .on(table.portfolioId, table.brokerOrderId)
      .where(sql`broker_order_id is not null`),
    // What executions refer to: an execution is in its order's portfolio, and about its symbol and side.
    unique('orders_id_portfolio_key').on(table.id, table.portfolioId, table.symbol, table.side),
    // listActive, findActiveWithOtherMultiplier. The statuses are literals here and in the query: a prepared statement with a parameter would not use a partial index.
    index('orders_active_idx')
      .on(table.portfolioId, table.createdAt, table.id)
      .where(sql`status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')`),
    // listCreatedBetween
    index('orders_created_at_idx').on(table.portfolioId, table.createdAt, table.id),
    // listBySymbol
    index('orders_symbol_idx').on(table.portfolioId, table.symbol, table.createdAt, table.id),
    // listByStatus
    index('orders_status_idx').on(table.portfolioId, table.status, table.createdAt, table.id),
    check('orders_quantity_check', sql`quantity > 0 and multiplier > 0`),
    check(
      'orders_terms_check',
      sql`(limit_price is not null) = (type in ('LIMIT', 'STOP_LIMIT')) and (stop_price is not null) = (type in ('STOP', 'STOP_LIMIT')) and limit_price > 0 is not false and stop_price > 0 is not false`,
    ),
    check(
      'orders_filled_check',
      sql`filled_quantity >= 0 and (status = 'FILLED') = (filled_quantity >= quantity) and (status <> 'PARTIALLY_FILLED' or filled_quantity > 0) and (status not in ('PENDING', 'SUBMITTED') or filled_quantity = 0)`,
    ),
    check('orders_version_check', sql`version >= 1`),
  ],
);
