import { and, asc, eq, gt, inArray, isNull, or, sql, type Placeholder, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { OpenBook, OpenOptions } from './contestant.js';
import { marks, orders, portfolios, positions, snapshots } from './drizzle-tables.js';
import { NEW_ORDER_COLUMNS, orderRow, type NewOrderRow } from './order-row.js';

type Db = ReturnType<typeof drizzle>;

/**
 * drizzle's queries prepared once for the pool, as its documentation recommends for speed. Inside a transaction there is no such way:
 * a prepared query belongs to the connections it was made with, and runs outside.
 */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const client = postgres(url, { max: sessions, onnotice: () => undefined });
  const db = drizzle(client);
  await Promise.all(Array.from({ length: sessions }, () => client`select pg_sleep(0.01)`));
  const { findOrder, activeOrders, firstPage, nextPage, portfolio, held, history, addOrder } = prepare(db);
  return {
    findOrder: async (id) => {
      const [order] = await findOrder.execute({ id });
      return order;
    },
    activeOrders: (id) => activeOrders.execute({ id }),
    ordersPage: (id, after) =>
      after === undefined
        ? firstPage.execute({ id })
        : nextPage.execute({ id, createdAt: after.createdAt, after: after.id }),
    portfolioWithPositions: async (id) => {
      const [[found], positions] = await Promise.all([portfolio.execute({ id }), held.execute({ id })]);
      return { portfolio: found, positions };
    },
    snapshots: (id) => history.execute({ id }),
    addOrder: (order) => addOrder.execute(orderRow(order)),
    close: () => client.end(),
  };
}

function prepare(db: Db) {
  const id = sql.placeholder('id');
  const ordersWhere = (...conditions: readonly (SQL | undefined)[]) =>
    db
      .select()
      .from(orders)
      .where(and(eq(orders.portfolio_id, id), ...conditions))
      .orderBy(asc(orders.created_at), asc(orders.id))
      .limit(100);
  const [createdAt, after] = [sql.placeholder('createdAt'), sql.placeholder('after')];
  const behind = or(gt(orders.created_at, createdAt), and(eq(orders.created_at, createdAt), gt(orders.id, after)));
  const newRow = Object.fromEntries(NEW_ORDER_COLUMNS.map((column) => [column, sql.placeholder(column)]));
  return {
    findOrder: db.select().from(orders).where(eq(orders.id, id)).prepare('find_order'),
    activeOrders: ordersWhere(inArray(orders.status, ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED'])).prepare('active'),
    firstPage: ordersWhere().prepare('first_page'),
    nextPage: ordersWhere(behind).prepare('next_page'),
    portfolio: db.select().from(portfolios).where(eq(portfolios.id, id)).prepare('portfolio'),
    held: db
      .select()
      .from(positions)
      .leftJoin(marks, eq(marks.symbol, positions.symbol))
      .where(and(eq(positions.portfolio_id, id), isNull(positions.closed_at)))
      .orderBy(asc(positions.opened_at), asc(positions.id))
      .prepare('held'),
    history: db
      .select()
      .from(snapshots)
      .where(eq(snapshots.portfolio_id, id))
      .orderBy(asc(snapshots.taken_at))
      .prepare('history'),
    addOrder: db
      .insert(orders)
      .values(newRow as Record<keyof NewOrderRow, Placeholder>)
      .prepare('add_order'),
  };
}
