import type { Kyselify } from 'drizzle-orm/kysely';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import type * as tables from './drizzle-tables.js';
import { bookFill } from './fill-arithmetic.js';
import { inChunks } from './in-chunks.js';
import { orderRow, submittedRow } from './order-row.js';

interface Book {
  orders: Kyselify<typeof tables.orders>;
  executions: Kyselify<typeof tables.executions>;
  portfolios: Kyselify<typeof tables.portfolios>;
  positions: Kyselify<typeof tables.positions>;
  marks: Kyselify<typeof tables.marks>;
  portfolio_snapshots: Kyselify<typeof tables.snapshots>;
}

/** Kysely over node-postgres, the dialect that it brings. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const pool = new pg.Pool({ connectionString: url, max: sessions });
  await Promise.all(Array.from({ length: sessions }, () => pool.query('select pg_sleep(0.01)')));
  const db = new Kysely<Book>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });
  const ordersOf = (portfolioId: string) =>
    db
      .selectFrom('orders')
      .selectAll()
      .where('portfolio_id', '=', portfolioId)
      .orderBy('created_at')
      .orderBy('id')
      .limit(100);
  return {
    findOrder: (id) => db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst(),
    activeOrders: (portfolioId) =>
      ordersOf(portfolioId).where('status', 'in', ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED']).execute(),
    ordersPage: (portfolioId, after) => {
      if (after === undefined) return ordersOf(portfolioId).execute();
      return ordersOf(portfolioId)
        .where((build) => build(build.refTuple('created_at', 'id'), '>', build.tuple(after.createdAt, after.id)))
        .execute();
    },
    portfolioWithPositions: async (id) => {
      const [portfolio, positions] = await Promise.all([
        db.selectFrom('portfolios').selectAll().where('id', '=', id).executeTakeFirst(),
        db
          .selectFrom('positions')
          .leftJoin('marks', 'marks.symbol', 'positions.symbol')
          .selectAll('positions')
          .select(['marks.price', 'marks.at'])
          .where('portfolio_id', '=', id)
          .where('closed_at', 'is', null)
          .orderBy('opened_at')
          .orderBy('positions.id')
          .execute(),
      ]);
      return { portfolio, positions };
    },
    snapshots: (portfolioId) =>
      db
        .selectFrom('portfolio_snapshots')
        .selectAll()
        .where('portfolio_id', '=', portfolioId)
        .orderBy('taken_at')
        .execute(),
    addOrder: (order) => db.insertInto('orders').values(orderRow(order)).execute(),
    recordFill: (fill) => db.transaction().execute((transaction) => recordFill(transaction, fill)),
    saveOrders: (orders) => {
      const rows = orders.map(orderRow);
      return () =>
        db.transaction().execute((tx) => inChunks(rows, (chunk) => tx.insertInto('orders').values(chunk).execute()));
    },
    upsertOrders: (orders) => {
      const rows = orders.map(submittedRow);
      return () =>
        db.transaction().execute((tx) =>
          inChunks(rows, (chunk) =>
            tx
              .insertInto('orders')
              .values(chunk)
              .onConflict((conflict) =>
                conflict.column('id').doUpdateSet((build) => ({
                  status: build.ref('excluded.status'),
                  broker_order_id: build.ref('excluded.broker_order_id'),
                  submitted_at: build.ref('excluded.submitted_at'),
                  filled_quantity: build.ref('excluded.filled_quantity'),
                  filled_notional: build.ref('excluded.filled_notional'),
                  commission: build.ref('excluded.commission'),
                  version: build.ref('excluded.version'),
                })),
              )
              .execute(),
          ),
        );
    },
    streamOrders: async (batch) => {
      let count = 0;
      for await (const order of db.selectFrom('orders').selectAll().stream(batch)) if (order.version > 0) count += 1;
      return count;
    },
    close: () => db.destroy(),
  };
}

async function recordFill(db: Transaction<Book>, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const portfolio = await db
    .selectFrom('portfolios')
    .selectAll()
    .where('id', '=', portfolioId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const order = await db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const position = await db
    .selectFrom('positions')
    .selectAll()
    .where('portfolio_id', '=', portfolioId)
    .where('symbol', '=', symbol)
    .where('closed_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const booked = bookFill(fill, portfolio, order, position);
  await db.insertInto('executions').values(booked.execution).execute();
  await db.updateTable('orders').set(booked.order).where('id', '=', orderId).execute();
  await db.updateTable('positions').set(booked.position).where('id', '=', position.id).execute();
  await db.updateTable('portfolios').set(booked.portfolio).where('id', '=', portfolioId).execute();
}
