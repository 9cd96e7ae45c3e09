import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { decimal, moment } from '../database/columns.js';
import { orders, orderSide } from '../orders/order-table.js';
import { portfolios } from '../portfolios/portfolio-table.js';

/** Append-only: a trigger of a hand-written migration refuses updates and removals. */
export const executions = pgTable(
  'executions',
  {
    id: uuid().primaryKey(),
    portfolioId: uuid().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    orderId: uuid().notNull(),
    venue: text().notNull(),
    brokerExecutionId: text().notNull(),
    symbol: text().notNull(),
    side: orderSide().notNull(),
    quantity: decimal().notNull(),
    price: decimal().notNull(),
    multiplier: decimal().notNull(),
    commission: decimal().notNull(),
    currency: text().notNull(),
    executedAt: moment().notNull(),
    recordedAt: moment().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'executions_portfolio_fkey',
      columns: [table.portfolioId, table.currency],
      foreignColumns: [portfolios.id, portfolios.currency],
    }),
    foreignKey({
      name: 'executions_order_fkey',
      columns: [table.orderId, table.portfolioId, table.symbol, table.side],
      foreignColumns: [orders.id, orders.portfolioId, orders.symbol, orders.side],
    }),
    // findByKey; a fill counts once, however often the broker sends it
    unique('executions_broker_execution_key').on(
      table.portfolioId,
      table.venue,
      table.symbol,
      table.side,
      table.brokerExecutionId,
    ),
    // list, and the fold of the proof; one entry for each place in the ledger
    unique('executions_sequence_key').on(table.portfolioId, table.sequence),
    // listByOrder, and the foreign key when an order is to be removed
    index('executions_order_idx').on(table.orderId, table.sequence, table.id),
    check('executions_quantity_check', sql`quantity > 0 and price >= 0 and multiplier > 0`),
    check('executions_sequence_check', sql`sequence >= 1`),
  ],
);
