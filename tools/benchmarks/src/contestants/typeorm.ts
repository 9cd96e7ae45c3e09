import { DataSource, In, IsNull, Raw, type EntityManager } from 'typeorm';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import { bookFill } from './fill-arithmetic.js';
import { inChunks } from './in-chunks.js';
import { orderRow, submittedRow } from './order-row.js';
import { executions, marks, orders, portfolios, positions, snapshots } from './typeorm-tables.js';

const BY_CREATION = { created_at: 'ASC', id: 'ASC' } as const;
const LOCKED = { lock: { mode: 'for_no_key_update' } } as const;

/** TypeORM over node-postgres; it has no prepared statements. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const source = new DataSource({
    type: 'postgres',
    url,
    poolSize: sessions,
    entities: [orders, executions, portfolios, positions, marks, snapshots],
  });
  await source.initialize();
  await Promise.all(Array.from({ length: sessions }, () => source.query('select pg_sleep(0.01)')));
  const { manager } = source;
  return {
    findOrder: async (id) => (await manager.findOneBy(orders, { id })) ?? undefined,
    activeOrders: (portfolio_id) =>
      manager.find(orders, {
        where: { portfolio_id, status: In(['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED']) },
        order: BY_CREATION,
        take: 100,
      }),
    ordersPage: (portfolio_id, after) => {
      const behind = after && {
        created_at: Raw((column) => `(${column}, id) > (:at, :id)`, { at: after.createdAt, id: after.id }),
      };
      return manager.find(orders, { where: { portfolio_id, ...behind }, order: BY_CREATION, take: 100 });
    },
    portfolioWithPositions: async (id) => {
      const [portfolio, held] = await Promise.all([
        manager.findOneBy(portfolios, { id }),
        manager.find(positions, {
          where: { portfolio_id: id, closed_at: IsNull() },
          relations: { mark: true },
          order: { opened_at: 'ASC', id: 'ASC' },
        }),
      ]);
      return { portfolio, positions: held };
    },
    snapshots: (portfolio_id) => manager.find(snapshots, { where: { portfolio_id }, order: { taken_at: 'ASC' } }),
    addOrder: (order) => manager.insert(orders, orderRow(order)),
    recordFill: (fill) => manager.transaction((transaction) => recordFill(transaction, fill)),
    saveOrders: (list) => {
      const rows = list.map(orderRow);
      return () => manager.transaction((tx) => inChunks(rows, (chunk) => tx.insert(orders, chunk)));
    },
    upsertOrders: (list) => {
      const rows = list.map(submittedRow);
      return () => manager.transaction((tx) => inChunks(rows, (chunk) => tx.upsert(orders, chunk, ['id'])));
    },
    close: () => source.destroy(),
  };
}

async function recordFill(db: EntityManager, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const portfolio = await db.findOneOrFail(portfolios, { where: { id: portfolioId }, ...LOCKED });
  const order = await db.findOneOrFail(orders, { where: { id: orderId }, ...LOCKED });
  const position = await db.findOneOrFail(positions, {
    where: { portfolio_id: portfolioId, symbol, closed_at: IsNull() },
    ...LOCKED,
  });
  const booked = bookFill(fill, portfolio, order, position);
  await db.insert(executions, booked.execution);
  await db.update(orders, { id: orderId }, booked.order);
  await db.update(positions, { id: position.id }, booked.position);
  await db.update(portfolios, { id: portfolioId }, booked.portfolio);
}
