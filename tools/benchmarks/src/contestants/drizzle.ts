import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import { executions, marks, orders, portfolios, positions, snapshots } from './drizzle-tables.js';
import { bookFill } from './fill-arithmetic.js';
import { inChunks } from './in-chunks.js';
import { orderRow, submittedRow } from './order-row.js';

type Db = ReturnType<typeof drizzle>;

/** drizzle on postgres.js the ordinary way: each query is built at each call. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const client = postgres(url, { max: sessions, onnotice: () => undefined });
  const db = drizzle(client);
  await Promise.all(Array.from({ length: sessions }, () => client`select pg_sleep(0.01)`));
  return {
    findOrder: async (id) => {
      const [order] = await db.select().from(orders).where(eq(orders.id, id));
      return order;
    },
    activeOrders: async (portfolioId) =>
      db
        .select()
        .from(orders)
        .where(
          and(
            eq(orders.portfolio_id, portfolioId),
            inArray(orders.status, ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED']),
          ),
        )
        .orderBy(asc(orders.created_at), asc(orders.id))
        .limit(100),
    ordersPage: async (portfolioId, after) =>
      db
        .select()
        .from(orders)
        .where(
          and(
            eq(orders.portfolio_id, portfolioId),
            after &&
              or(
                gt(orders.created_at, after.createdAt),
                and(eq(orders.created_at, after.createdAt), gt(orders.id, after.id)),
              ),
          ),
        )
        .orderBy(asc(orders.created_at), asc(orders.id))
        .limit(100),
    portfolioWithPositions: async (id) => {
      const [[portfolio], held] = await Promise.all([
        db.select().from(portfolios).where(eq(portfolios.id, id)),
        db
          .select()
          .from(positions)
          .leftJoin(marks, eq(marks.symbol, positions.symbol))
          .where(and(eq(positions.portfolio_id, id), isNull(positions.closed_at)))
          .orderBy(asc(positions.opened_at), asc(positions.id)),
      ]);
      return { portfolio, positions: held };
    },
    snapshots: async (portfolioId) =>
      db.select().from(snapshots).where(eq(snapshots.portfolio_id, portfolioId)).orderBy(asc(snapshots.taken_at)),
    addOrder: async (order) => db.insert(orders).values(orderRow(order)),
    recordFill: (fill) => recordFill(db, fill),
    saveOrders: (list) => {
      const rows = list.map(orderRow);
      return () => db.transaction((tx) => inChunks(rows, (chunk) => tx.insert(orders).values(chunk)));
    },
    upsertOrders: (list) => {
      const rows = list.map(submittedRow);
      return () =>
        db.transaction((tx) =>
          inChunks(rows, (chunk) =>
            tx
              .insert(orders)
              .values(chunk)
              .onConflictDoUpdate({
                target: orders.id,
                set: {
                  status: sql`excluded.status`,
                  broker_order_id: sql`excluded.broker_order_id`,
                  submitted_at: sql`excluded.submitted_at`,
                  filled_quantity: sql`excluded.filled_quantity`,
                  filled_notional: sql`excluded.filled_notional`,
                  commission: sql`excluded.commission`,
                  version: sql`excluded.version`,
                },
              }),
          ),
        );
    },
    close: () => client.end(),
  };
}

function recordFill(db: Db, fill: Fill): Promise<void> {
  return db.transaction(async (tx) => {
    const { portfolioId, orderId, symbol } = fill;
    const [portfolio] = await tx.select().from(portfolios).where(eq(portfolios.id, portfolioId)).for('no key update');
    const [order] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('no key update');
    const [position] = await tx
      .select()
      .from(positions)
      .where(and(eq(positions.portfolio_id, portfolioId), eq(positions.symbol, symbol), isNull(positions.closed_at)))
      .for('no key update');
    if (!portfolio || !order || !position) throw new Error('The book is not filled.');
    const booked = bookFill(fill, portfolio, order, position);
    await tx.insert(executions).values(booked.execution);
    await tx.update(orders).set(booked.order).where(eq(orders.id, orderId));
    await tx.update(positions).set(booked.position).where(eq(positions.id, position.id));
    await tx.update(portfolios).set(booked.portfolio).where(eq(portfolios.id, portfolioId));
  });
}
