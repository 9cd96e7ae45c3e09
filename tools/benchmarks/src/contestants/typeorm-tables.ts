/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- TypeORM declares a class for what its documentation gives as a literal. */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type * as tables from './drizzle-tables.js';

// The rows are those that drizzle knows; only how TypeORM is told of the columns is its own.
type Row<Table extends { readonly $inferSelect: object }> = Table['$inferSelect'];

const id: EntitySchemaColumnOptions = { type: 'uuid', primary: true };
const uuid: EntitySchemaColumnOptions = { type: 'uuid' };
const text: EntitySchemaColumnOptions = { type: 'text' };
const whole: EntitySchemaColumnOptions = { type: 'int' };
const big: EntitySchemaColumnOptions = { type: 'bigint' };
const json: EntitySchemaColumnOptions = { type: 'jsonb' };
const decimal: EntitySchemaColumnOptions = { type: 'numeric', precision: 38, scale: 18 };
const moment: EntitySchemaColumnOptions = { type: 'timestamptz', precision: 6 };
const maybe = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true });
const oneOf = (enumName: string, ...values: readonly string[]): EntitySchemaColumnOptions => ({
  type: 'enum',
  enumName,
  enum: [...values],
});
const side = oneOf('order_side', 'BUY', 'SELL');

export const orders = new EntitySchema<Row<typeof tables.orders>>({
  name: 'orders',
  columns: {
    id,
    portfolio_id: uuid,
    client_order_id: text,
    broker_order_id: maybe(text),
    symbol: text,
    side,
    quantity: decimal,
    type: oneOf('order_type', 'MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'),
    limit_price: maybe(decimal),
    stop_price: maybe(decimal),
    time_in_force: oneOf('time_in_force', 'DAY', 'GTC', 'IOC', 'FOK'),
    multiplier: decimal,
    currency: text,
    strategy: maybe(text),
    tags: json,
    status: oneOf(
      'order_status',
      'PENDING',
      'SUBMITTED',
      'PARTIALLY_FILLED',
      'FILLED',
      'CANCELLED',
      'REJECTED',
      'EXPIRED',
    ),
    filled_quantity: decimal,
    filled_notional: decimal,
    commission: decimal,
    reason: maybe(text),
    created_at: moment,
    submitted_at: maybe(moment),
    filled_at: maybe(moment),
    closed_at: maybe(moment),
    version: whole,
  },
});

export const executions = new EntitySchema<Row<typeof tables.executions>>({
  name: 'executions',
  columns: {
    id,
    portfolio_id: uuid,
    sequence: big,
    order_id: uuid,
    venue: text,
    broker_execution_id: text,
    symbol: text,
    side,
    quantity: decimal,
    price: decimal,
    multiplier: decimal,
    commission: decimal,
    currency: text,
    executed_at: moment,
    recorded_at: moment,
  },
});

export const portfolios = new EntitySchema<Row<typeof tables.portfolios>>({
  name: 'portfolios',
  columns: {
    id,
    name: text,
    currency: text,
    strategy: maybe(text),
    tags: json,
    max_position_value: maybe(decimal),
    max_open_positions: maybe(whole),
    max_leverage: maybe(decimal),
    max_risk_per_order: maybe(decimal),
    cash: decimal,
    deposits: decimal,
    withdrawals: decimal,
    realised_pnl: decimal,
    commissions: decimal,
    trade_count: whole,
    win_count: whole,
    loss_count: whole,
    gross_profit: decimal,
    gross_loss: decimal,
    last_sequence: big,
    opened_at: moment,
    version: whole,
  },
});

export const marks = new EntitySchema<Row<typeof tables.marks>>({
  name: 'marks',
  columns: { symbol: { ...text, primary: true }, price: decimal, at: moment },
});

export const positions = new EntitySchema<Row<typeof tables.positions> & { mark: Row<typeof tables.marks> | null }>({
  name: 'positions',
  columns: {
    id,
    portfolio_id: uuid,
    symbol: text,
    currency: text,
    multiplier: decimal,
    quantity: decimal,
    cost_basis: decimal,
    realised_pnl: decimal,
    commission: decimal,
    invested: decimal,
    max_value: decimal,
    stop_loss: maybe(decimal),
    take_profit: maybe(decimal),
    strategy: maybe(text),
    tags: json,
    opened_at: moment,
    closed_at: maybe(moment),
    version: whole,
  },
  relations: { mark: { type: 'many-to-one', target: 'marks', joinColumn: { name: 'symbol' } } },
});

export const snapshots = new EntitySchema<Row<typeof tables.snapshots>>({
  name: 'portfolio_snapshots',
  columns: {
    id,
    portfolio_id: uuid,
    taken_at: moment,
    sequence: big,
    currency: text,
    cash: decimal,
    deposits: decimal,
    withdrawals: decimal,
    realised_pnl: decimal,
    commissions: decimal,
    cost_basis: decimal,
    market_value: decimal,
    open_positions: whole,
    unmarked_positions: whole,
    marks: maybe(json),
  },
});
