import { Blotter } from '@blotter/application';
import type { Order } from '@blotter/domain';
import { anyExecutionOf, anyNewOrder, anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import type { PostgresUnitOfWork } from './postgres-unit-of-work.js';

/** The locks of getForUpdate, and what they would be as FOR UPDATE. */
const LOCKS = {
  portfolio: {
    ours: (unit: PostgresUnitOfWork, { portfolioId }: Order) => unit.portfolios.getForUpdate(portfolioId),
    tooStrong: (unit: PostgresUnitOfWork, { portfolioId }: Order) =>
      unit.sql('select id from portfolios where id = $1::uuid for update', [portfolioId]),
  },
  order: {
    ours: (unit: PostgresUnitOfWork, { id }: Order) => unit.orders.getForUpdate(id),
    tooStrong: (unit: PostgresUnitOfWork, { id }: Order) =>
      unit.sql('select id from orders where id = $1::uuid for update', [id]),
  },
} as const;

describe('the foreign keys of an execution, which share-lock its portfolio and its order', () => {
  let storage: TestDatabase;
  let database: Database;
  let order: Order;

  beforeAll(async () => {
    // What has to wait here fails.
    storage = await createTestDatabase({ settings: { maxPoolSize: 4, lockTimeoutMs: 500 } });
    database = await Database.connect(storage.config);
  });
  beforeEach(async () => {
    const blotter = new Blotter(database);
    const portfolio = await blotter.openPortfolio(anyNewPortfolio());
    order = await blotter.placeOrder(anyNewOrder({ portfolioId: portfolio.id }));
  });
  afterAll(async () => {
    await database.close();
    await storage.drop();
  });

  /** Inserts an execution in a transaction of its own, while another holds the lock. */
  async function insertBeside(lock: (unit: PostgresUnitOfWork, order: Order) => Promise<unknown>): Promise<void> {
    await using holder = database.begin();
    await lock(holder, order);
    await using unit = database.begin();
    unit.executions.add(anyExecutionOf(order));
    await unit.commit();
    expect(holder.isActive).toBe(true);
  }

  it.each(Object.entries(LOCKS))('do not wait for a %s that is locked to be changed', async (_, { ours }) => {
    await insertBeside(ours);
    expect((await database.read.executions.list(order.portfolioId)).items).toHaveLength(1);
  });

  it.each(Object.entries(LOCKS))('would wait for a %s that is locked FOR UPDATE', async (_, { tooStrong }) => {
    await expect(insertBeside(tooStrong)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
  });

  it('do not wait for a portfolio and an order that were changed and not yet committed', async () => {
    await insertBeside(async (unit) => {
      const portfolio = await unit.portfolios.getForUpdate(order.portfolioId);
      unit.portfolios.save(portfolio.withLimits({ maxOpenPositions: 3 }));
      unit.orders.save((await unit.orders.getForUpdate(order.id)).cancel(order.createdAt));
      await unit.flush();
    });
  });
});
