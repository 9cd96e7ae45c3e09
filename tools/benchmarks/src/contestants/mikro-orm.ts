import { LockMode, MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import { bookFill } from './fill-arithmetic.js';
import { inChunks } from './in-chunks.js';
import { Execution, Mark, Order, Portfolio, Position, Snapshot } from './mikro-orm-tables.js';
import { orderRow, submittedRow } from './order-row.js';

const BY_CREATION = { created_at: 'asc', id: 'asc' } as const;
/** `for update`: it has no lock without the key. The portfolio's comes first, so it does not deadlock. */
const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE };

/** MikroORM: a fork of the entity manager for each piece of work, as for each request of a server. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [Order, Execution, Portfolio, Position, Mark, Snapshot],
    pool: { min: sessions, max: sessions },
  });
  await Promise.all(Array.from({ length: sessions }, () => orm.em.getConnection().execute('select pg_sleep(0.01)')));
  const fork = () => orm.em.fork();
  return {
    findOrder: async (id) => (await fork().findOne(Order, { id })) ?? undefined,
    activeOrders: (portfolio_id) =>
      fork().find(
        Order,
        { portfolio_id, status: { $in: ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED'] } },
        { orderBy: BY_CREATION, limit: 100 },
      ),
    ordersPage: (portfolio_id, after) => {
      if (after === undefined) return fork().find(Order, { portfolio_id }, { orderBy: BY_CREATION, limit: 100 });
      const at = new Date(after.createdAt);
      const behind = { $or: [{ created_at: { $gt: at } }, { created_at: at, id: { $gt: after.id } }] };
      return fork().find(Order, { portfolio_id, ...behind }, { orderBy: BY_CREATION, limit: 100 });
    },
    portfolioWithPositions: async (id) => {
      const [portfolio, positions] = await Promise.all([
        fork().findOne(Portfolio, { id }),
        fork().find(
          Position,
          { portfolio_id: id, closed_at: null },
          { populate: ['mark'], orderBy: { opened_at: 'asc', id: 'asc' } },
        ),
      ]);
      return { portfolio, positions };
    },
    snapshots: (portfolio_id) => fork().find(Snapshot, { portfolio_id }, { orderBy: { taken_at: 'asc' } }),
    addOrder: (order) => fork().insert(Order, orderRow(order)),
    recordFill: (fill) => fork().transactional((transaction) => recordFill(transaction, fill)),
    saveOrders: (orders) => {
      const rows = orders.map(orderRow);
      return () => fork().transactional((tx) => inChunks(rows, (chunk) => tx.insertMany(Order, chunk)));
    },
    upsertOrders: (orders) => {
      const rows = orders.map(submittedRow);
      return () => fork().transactional((tx) => inChunks(rows, (chunk) => tx.upsertMany(Order, chunk)));
    },
    streamOrders: async (chunkSize) => {
      let count = 0;
      for await (const order of fork().stream(Order, { chunkSize })) if (order.version > 0) count += 1;
      return count;
    },
    close: () => orm.close(),
  };
}

/** Entities are changed, and its unit of work writes what has changed when the transaction ends. */
async function recordFill(em: EntityManager, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const portfolio = await em.findOneOrFail(Portfolio, { id: portfolioId }, LOCKED);
  const order = await em.findOneOrFail(Order, { id: orderId }, LOCKED);
  const position = await em.findOneOrFail(Position, { portfolio_id: portfolioId, symbol, closed_at: null }, LOCKED);
  const booked = bookFill(fill, portfolio, order, position);
  em.create(Execution, booked.execution);
  em.assign(order, booked.order);
  em.assign(position, booked.position);
  em.assign(portfolio, booked.portfolio);
}
