import { bigint, integer, jsonb, numeric, pgEnum, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const decimal = () => numeric({ precision: 38, scale: 18 });
const moment = () => timestamp({ withTimezone: true, precision: 6, mode: 'string' });

const side = pgEnum('order_side', ['BUY', 'SELL']);
const type = pgEnum('order_type', ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
const timeInForce = pgEnum('time_in_force', ['DAY', 'GTC', 'IOC', 'FOK']);
const status = pgEnum('order_status', [
  'PENDING',
  'SUBMITTED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
]);

export const orders = pgTable('orders', {
  id: uuid().primaryKey(),
  portfolio_id: uuid().notNull(),
  client_order_id: text().notNull(),
  broker_order_id: text(),
  symbol: text().notNull(),
  side: side().notNull(),
  quantity: decimal().notNull(),
  type: type().notNull(),
  limit_price: decimal(),
  stop_price: decimal(),
  time_in_force: timeInForce().notNull(),
  multiplier: decimal().notNull(),
  currency: text().notNull(),
  strategy: text(),
  tags: jsonb().notNull(),
  status: status().notNull(),
  filled_quantity: decimal().notNull(),
  filled_notional: decimal().notNull(),
  commission: decimal().notNull(),
  reason: text(),
  created_at: moment().notNull(),
  submitted_at: moment(),
  filled_at: moment(),
  closed_at: moment(),
  version: integer().notNull(),
});

export const executions = pgTable('executions', {
  id: uuid().primaryKey(),
  portfolio_id: uuid().notNull(),
  sequence: bigint({ mode: 'number' }).notNull(),
  order_id: uuid().notNull(),
  venue: text().notNull(),
  broker_execution_id: text().notNull(),
  symbol: text().notNull(),
  side: side().notNull(),
  quantity: decimal().notNull(),
  price: decimal().notNull(),
  multiplier: decimal().notNull(),
  commission: decimal().notNull(),
  currency: text().notNull(),
  executed_at: moment().notNull(),
  recorded_at: moment().notNull(),
});

export const portfolios = pgTable('portfolios', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  currency: text().notNull(),
  strategy: text(),
  tags: jsonb().notNull(),
  max_position_value: decimal(),
  max_open_positions: integer(),
  max_leverage: decimal(),
  max_risk_per_order: decimal(),
  cash: decimal().notNull(),
  deposits: decimal().notNull(),
  withdrawals: decimal().notNull(),
  realised_pnl: decimal().notNull(),
  commissions: decimal().notNull(),
  trade_count: integer().notNull(),
  win_count: integer().notNull(),
  loss_count: integer().notNull(),
  gross_profit: decimal().notNull(),
  gross_loss: decimal().notNull(),
  last_sequence: bigint({ mode: 'number' }).notNull(),
  opened_at: moment().notNull(),
  version: integer().notNull(),
});

export const positions = pgTable('positions', {
  id: uuid().primaryKey(),
  portfolio_id: uuid().notNull(),
  symbol: text().notNull(),
  currency: text().notNull(),
  multiplier: decimal().notNull(),
  quantity: decimal().notNull(),
  cost_basis: decimal().notNull(),
  realised_pnl: decimal().notNull(),
  commission: decimal().notNull(),
  invested: decimal().notNull(),
  max_value: decimal().notNull(),
  stop_loss: decimal(),
  take_profit: decimal(),
  strategy: text(),
  tags: jsonb().notNull(),
  opened_at: moment().notNull(),
  closed_at: moment(),
  version: integer().notNull(),
});

export const marks = pgTable('marks', {
  symbol: text().primaryKey(),
  price: decimal().notNull(),
  at: moment().notNull(),
});

export const snapshots = pgTable('portfolio_snapshots', {
  id: uuid().primaryKey(),
  portfolio_id: uuid().notNull(),
  taken_at: moment().notNull(),
  sequence: bigint({ mode: 'number' }).notNull(),
  currency: text().notNull(),
  cash: decimal().notNull(),
  deposits: decimal().notNull(),
  withdrawals: decimal().notNull(),
  realised_pnl: decimal().notNull(),
  commissions: decimal().notNull(),
  cost_basis: decimal().notNull(),
  market_value: decimal().notNull(),
  open_positions: integer().notNull(),
  unmarked_positions: integer().notNull(),
  marks: jsonb(),
});
