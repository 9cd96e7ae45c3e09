import postgres from 'postgres';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions, OrderSeen } from './contestant.js';
import { bookFill, type OrderRow, type PortfolioRow, type PositionRow } from './fill-arithmetic.js';
import { orderRow, submittedRow } from './order-row.js';
import { COLUMNS, copyOrders, upsertOrders } from './raw-bulk.js';

/** Reads share so few connections and are pipelined, as Blotter's are. */
const READ_SESSIONS = 2;
/** Moments stay text: a Date costs the client time and loses microseconds. */
export const MOMENTS = { to: 1184, from: [1184], serialize: (text: string) => text, parse: (text: string) => text };
export interface MomentsAsText extends Record<string, unknown> {
  readonly moments: string;
}

export const FIND_ORDER = 'select * from orders where id = $1';
const ACTIVE_ORDERS = `select * from orders where portfolio_id = $1 and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')
  order by created_at, id limit 100`;
const FIRST_PAGE = 'select * from orders where portfolio_id = $1 order by created_at, id limit 100';
const NEXT_PAGE = `select * from orders where portfolio_id = $1 and (created_at, id) > ($2, $3)
  order by created_at, id limit 100`;
export const PORTFOLIO = 'select * from portfolios where id = $1';
const POSITIONS = `select positions.*, marks.price, marks.at from positions left join marks using (symbol)
  where portfolio_id = $1 and closed_at is null order by opened_at, id`;
const SNAPSHOTS = 'select * from portfolio_snapshots where portfolio_id = $1 order by taken_at, id';
const ADD_ORDER = `insert into orders (${COLUMNS}) values (${placeholders(COLUMNS)})`;

const LOCK_PORTFOLIO = `${PORTFOLIO} for no key update`;
const LOCK_ORDER = `${FIND_ORDER} for no key update`;
export const HELD_POSITION = 'select * from positions where portfolio_id = $1 and symbol = $2 and closed_at is null';
const LOCK_POSITION = `${HELD_POSITION} for no key update`;
export const EXECUTION_COLUMNS =
  'id, portfolio_id, sequence, order_id, venue, broker_execution_id, symbol, side, quantity, price, multiplier, commission, currency, executed_at, recorded_at';
const ADD_EXECUTION = `insert into executions (${EXECUTION_COLUMNS}) values (${placeholders(EXECUTION_COLUMNS)})`;
const UPDATE_ORDER = `update orders set status = $2, filled_quantity = $3, filled_notional = $4, commission = $5, version = $6
  where id = $1`;
const UPDATE_POSITION = `update positions set quantity = $2, cost_basis = $3, commission = $4, invested = $5, max_value = $6, version = $7
  where id = $1`;
const UPDATE_PORTFOLIO = `update portfolios set cash = $2, commissions = $3, last_sequence = $4, version = $5 where id = $1`;

/**
 * The driver by hand: few statements of fixed text, prepared, and in a transaction one after another. What a layer over it can be
 * measured by.
 */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const options = { onnotice: () => undefined, types: { moments: MOMENTS } };
  const sql = postgres(url, { ...options, max: sessions });
  const reads = postgres(url, { ...options, max: Math.min(READ_SESSIONS, sessions) });
  await Promise.all(Array.from({ length: sessions }, () => sql`select pg_sleep(0.01)`));
  return {
    findOrder: async (id) => {
      const [order] = await prepared<OrderSeen>(reads, FIND_ORDER, [id]);
      return order;
    },
    activeOrders: async (portfolioId) => prepared<OrderSeen>(reads, ACTIVE_ORDERS, [portfolioId]),
    ordersPage: async (portfolioId, after) =>
      after === undefined
        ? prepared<OrderSeen>(reads, FIRST_PAGE, [portfolioId])
        : prepared<OrderSeen>(reads, NEXT_PAGE, [portfolioId, after.createdAt, after.id]),
    portfolioWithPositions: async (id) => {
      const [[portfolio], positions] = await Promise.all([
        prepared(reads, PORTFOLIO, [id]),
        prepared(reads, POSITIONS, [id]),
      ]);
      return { portfolio, positions };
    },
    snapshots: async (portfolioId) => prepared(reads, SNAPSHOTS, [portfolioId]),
    addOrder: async (order) => prepared(sql, ADD_ORDER, Object.values(orderRow(order))),
    recordFill: (fill) => sql.begin((transaction) => recordFill(transaction, fill)),
    saveOrders: (orders) => {
      const rows = orders.map(orderRow);
      return () => sql.begin((transaction) => copyOrders(transaction, rows));
    },
    upsertOrders: (orders) => {
      const rows = orders.map(submittedRow);
      return () => sql.begin((transaction) => upsertOrders(transaction, rows));
    },
    streamOrders: async (batch) => {
      let count = 0;
      for await (const rows of reads<OrderSeen[]>`select * from orders`.cursor(batch)) count += rows.length;
      return count;
    },
    close: async () => {
      await Promise.all([sql.end(), reads.end()]);
    },
  };
}

/** Parsed and planned once on each connection. */
export async function prepared<Row extends object>(
  sql: postgres.Sql<MomentsAsText> | postgres.TransactionSql<MomentsAsText>,
  text: string,
  parameters: postgres.ParameterOrJSON<MomentsAsText[keyof MomentsAsText]>[],
): Promise<readonly Row[]> {
  return sql.unsafe<Row[]>(text, parameters, { prepare: true });
}

async function recordFill(sql: postgres.TransactionSql<MomentsAsText>, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const [portfolio] = await prepared<PortfolioRow>(sql, LOCK_PORTFOLIO, [portfolioId]);
  const [order] = await prepared<OrderRow>(sql, LOCK_ORDER, [orderId]);
  const [position] = await prepared<PositionRow>(sql, LOCK_POSITION, [portfolioId, symbol]);
  if (!portfolio || !order || !position) throw new Error('The book is not filled.');
  const booked = bookFill(fill, portfolio, order, position);
  // Each has its values in the order of the statement's columns.
  await prepared(sql, ADD_EXECUTION, Object.values(booked.execution));
  await prepared(sql, UPDATE_ORDER, [orderId, ...Object.values(booked.order)]);
  await prepared(sql, UPDATE_POSITION, [position.id, ...Object.values(booked.position)]);
  await prepared(sql, UPDATE_PORTFOLIO, [portfolioId, ...Object.values(booked.portfolio)]);
}

/** $1, $2 … for columns. @param before parameters that come before theirs */
export function placeholders(columns: string, before = 0): string {
  return columns
    .split(', ')
    .map((_, index) => `$${before + index + 1}`)
    .join(', ');
}
