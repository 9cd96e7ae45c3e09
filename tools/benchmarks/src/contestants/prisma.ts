import { PrismaPg } from '@prisma/adapter-pg';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import { bookFill, type OrderRow, type PortfolioRow, type PositionRow } from './fill-arithmetic.js';
import { inChunks } from './in-chunks.js';
import { orderRow } from './order-row.js';
import { PrismaClient } from './prisma-client/client.js';
import type { TransactionClient } from './prisma-client/internal/prismaNamespace.js';

const BY_CREATION = [{ created_at: 'asc' }, { id: 'asc' }] as const;

/** Prisma with its driver adapter for node-postgres, whose statements are prepared under a name for each text. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const names = new Map<string, string>();
  const adapter = new PrismaPg(
    { connectionString: url, max: sessions },
    {
      statementNameGenerator: ({ sql }) => {
        const name = names.get(sql) ?? `prisma_${names.size}`;
        names.set(sql, name);
        return name;
      },
    },
  );
  // Neither a queue of callers for a hot row is an error here nor a minute for 100,000 rows.
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 60_000, timeout: 280_000 } });
  await prisma.$connect();
  await Promise.all(Array.from({ length: sessions }, () => prisma.$queryRaw`select pg_sleep(0.01)::text`));
  return {
    findOrder: async (id) => (await prisma.orders.findUnique({ where: { id } })) ?? undefined,
    activeOrders: (portfolio_id) =>
      prisma.orders.findMany({
        where: { portfolio_id, status: { in: ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED'] } },
        orderBy: [...BY_CREATION],
        take: 100,
      }),
    ordersPage: (portfolio_id, after) =>
      prisma.orders.findMany({
        where: { portfolio_id },
        orderBy: [...BY_CREATION],
        take: 100,
        ...(after && { cursor: { id: after.id }, skip: 1 }),
      }),
    portfolioWithPositions: async (id) => {
      const [portfolio, positions] = await Promise.all([
        prisma.portfolios.findUnique({ where: { id } }),
        prisma.positions.findMany({
          where: { portfolio_id: id, closed_at: null },
          include: { mark: true },
          orderBy: [{ opened_at: 'asc' }, { id: 'asc' }],
        }),
      ]);
      return { portfolio, positions };
    },
    snapshots: (portfolio_id) =>
      prisma.portfolio_snapshots.findMany({ where: { portfolio_id }, orderBy: { taken_at: 'asc' } }),
    addOrder: (order) => prisma.orders.create({ data: orderRow(order) }),
    recordFill: (fill) => prisma.$transaction((transaction) => recordFill(transaction, fill)),
    saveOrders: (orders) => {
      const rows = orders.map(orderRow);
      return () => prisma.$transaction((tx) => inChunks(rows, (chunk) => tx.orders.createMany({ data: chunk })));
    },
    close: () => prisma.$disconnect(),
  };
}

/** Prisma has no locks of its own: its documentation reads under lock by raw SQL. */
async function recordFill(db: TransactionClient, fill: Fill): Promise<void> {
  const { portfolioId, orderId, symbol } = fill;
  const [portfolio] = await db.$queryRaw<PortfolioRow[]>`
    select * from portfolios where id = ${portfolioId}::uuid for no key update`;
  const [order] = await db.$queryRaw<OrderRow[]>`select * from orders where id = ${orderId}::uuid for no key update`;
  const [position] = await db.$queryRaw<PositionRow[]>`
    select * from positions where portfolio_id = ${portfolioId}::uuid and symbol = ${symbol} and closed_at is null
    for no key update`;
  if (!portfolio || !order || !position) throw new Error('The book is not filled.');
  const booked = bookFill(fill, portfolio, order, position);
  await db.executions.create({ data: booked.execution });
  await db.orders.update({ where: { id: orderId }, data: booked.order });
  await db.positions.update({ where: { id: position.id }, data: booked.position });
  await db.portfolios.update({ where: { id: portfolioId }, data: booked.portfolio });
}
