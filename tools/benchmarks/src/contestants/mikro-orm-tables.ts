import { defineEntity, p } from '@mikro-orm/core';

// Properties are named as the columns, so that all contestants have the same rows.
const decimal = () => p.decimal().precision(38).scale(18);
const moment = () => p.datetime().columnType('timestamptz(6)');
const side = () => p.enum(['BUY', 'SELL'] as const).nativeEnumName('order_side');

export const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: p.uuid().primary(),
    portfolio_id: p.uuid(),
    client_order_id: p.text(),
    broker_order_id: p.text().nullable(),
    symbol: p.text(),
    side: side(),
    quantity: decimal(),
    type: p.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const).nativeEnumName('order_type'),
    limit_price: decimal().nullable(),
    stop_price: decimal().nullable(),
    time_in_force: p.enum(['DAY', 'GTC', 'IOC', 'FOK'] as const).nativeEnumName('time_in_force'),
    multiplier: decimal(),
    currency: p.text(),
    strategy: p.text().nullable(),
    tags: p.json(),
    status: p
      .enum(['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'] as const)
      .nativeEnumName('order_status'),
    filled_quantity: decimal(),
    filled_notional: decimal(),
    commission: decimal(),
    reason: p.text().nullable(),
    created_at: moment(),
    submitted_at: moment().nullable(),
    filled_at: moment().nullable(),
    closed_at: moment().nullable(),
    version: p.integer(),
  },
});

export const Execution = defineEntity({
  name: 'Execution',
  tableName: 'executions',
  properties: {
    id: p.uuid().primary(),
    portfolio_id: p.uuid(),
    sequence: p.bigint('number'),
    order_id: p.uuid(),
    venue: p.text(),
    broker_execution_id: p.text(),
    symbol: p.text(),
    side: side(),
    quantity: decimal(),
    price: decimal(),
    multiplier: decimal(),
    commission: decimal(),
    currency: p.text(),
    executed_at: moment(),
    recorded_at: moment(),
  },
});

export const Portfolio = defineEntity({
  name: 'Portfolio',
  tableName: 'portfolios',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    currency: p.text(),
    strategy: p.text().nullable(),
    tags: p.json(),
    max_position_value: decimal().nullable(),
    max_open_positions: p.integer().nullable(),
    max_leverage: decimal().nullable(),
    max_risk_per_order: decimal().nullable(),
    cash: decimal(),
    deposits: decimal(),
    withdrawals: decimal(),
    realised_pnl: decimal(),
    commissions: decimal(),
    trade_count: p.integer(),
    win_count: p.integer(),
    loss_count: p.integer(),
    gross_profit: decimal(),
    gross_loss: decimal(),
    last_sequence: p.bigint('number'),
    opened_at: moment(),
    version: p.integer(),
  },
});

export const Mark = defineEntity({
  name: 'Mark',
  tableName: 'marks',
  properties: { symbol: p.text().primary(), price: decimal(), at: moment() },
});

export const Position = defineEntity({
  name: 'Position',
  tableName: 'positions',
  properties: {
    id: p.uuid().primary(),
    portfolio_id: p.uuid(),
    symbol: p.text(),
    mark: () => p.manyToOne(Mark).joinColumn('symbol').persist(false).nullable(),
    currency: p.text(),
    multiplier: decimal(),
    quantity: decimal(),
    cost_basis: decimal(),
    realised_pnl: decimal(),
    commission: decimal(),
    invested: decimal(),
    max_value: decimal(),
    stop_loss: decimal().nullable(),
    take_profit: decimal().nullable(),
    strategy: p.text().nullable(),
    tags: p.json(),
    opened_at: moment(),
    closed_at: moment().nullable(),
    version: p.integer(),
  },
});

export const Snapshot = defineEntity({
  name: 'Snapshot',
  tableName: 'portfolio_snapshots',
  properties: {
    id: p.uuid().primary(),
    portfolio_id: p.uuid(),
    taken_at: moment(),
    sequence: p.bigint('number'),
    currency: p.text(),
    cash: decimal(),
    deposits: decimal(),
    withdrawals: decimal(),
    realised_pnl: decimal(),
    commissions: decimal(),
    cost_basis: decimal(),
    market_value: decimal(),
    open_positions: p.integer(),
    unmarked_positions: p.integer(),
    marks: p.json().nullable(),
  },
});
