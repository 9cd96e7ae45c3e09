import postgres from 'postgres';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions, OrderSeen } from './contestant.js';
import { bookFill, type OrderRow, type PortfolioRow, type PositionRow } from './fill-arithmetic.js';
import { orderRow, submittedRow } from './order-row.js';
import { copyOrders, upsertOrders } from './raw-bulk.js';

/** Reads share so few connections and are pipelined, as Blotter's are. */
const READ_SESSIONS = 2;

/** The driver by hand: prepared statements, and in a transaction one after another. What a layer over it can be measured by. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const sql = postgres(url, { max: sessions, onnotice: () => undefined });
  const reads = postgres(url, { max: Math.min(READ_SESSIONS, sessions), onnotice: () => undefined });
  await Promise.all(Array.from({ length: sessions }, () => sql`select pg_sleep(0.01)`));
  return {
    findOrder: async (id) => {
      const [order] = await reads<OrderSeen[]>`select * from orders where id = ${id}`;
      return order;
    },
    activeOrders: (portfolioId) => reads<OrderSeen[]>`
      select * from orders where portfolio_id = ${portfolioId} and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')
      order by created_at, id limit 100`,
    ordersPage: (portfolioId, after) =>
      after === undefined
        ? reads<OrderSeen[]>`
            select * from orders where portfolio_id = ${portfolioId} order by created_at, id limit 100`
        : reads<OrderSeen[]>`
            select * from orders where portfolio_id = ${portfolioId} and (created_at, id) > (${after.createdAt}, ${after.id})
            order by created_at, id limit 100`,
    portfolioWithPositions: async (id) => {
      const [[portfolio], positions] = await Promise.all([
        reads`select * from portfolios where id = ${id}`,
        reads`
          select positions.*, marks.price, marks.at from positions left join marks using (symbol)
          where portfolio_id = ${id} and closed_at is null order by opened_at, id`,
      ]);
      return { portfolio, positions };
    },
    snapshots: (portfolioId) =>
      reads`select * from portfolio_snapshots where portfolio_id = ${portfolioId} order by taken_at, id`,
    addOrder: (order) => sql`insert into orders ${sql(orderRow(order))}`,
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

async function recordFill(sql: postgres.TransactionSql, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const [portfolio] = await sql<PortfolioRow[]>`select * from portfolios where id = ${portfolioId} for no key update`;
  const [order] = await sql<OrderRow[]>`select * from orders where id = ${orderId} for no key update`;
  const [position] = await sql<PositionRow[]>`
    select * from positions where portfolio_id = ${portfolioId} and symbol = ${symbol} and closed_at is null for no key update`;
  if (!portfolio || !order || !position) throw new Error('The book is not filled.');
  const booked = bookFill(fill, portfolio, order, position);
  await sql`insert into executions ${sql(booked.execution)}`;
  await sql`update orders set ${sql(booked.order)} where id = ${orderId}`;
  await sql`update positions set ${sql(booked.position)} where id = ${position.id}`;
  await sql`update portfolios set ${sql(booked.portfolio)} where id = ${portfolioId}`;
}
