import { Blotter } from '@blotter/application';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';
import { proveBook } from './proof/prove-book.js';

const TASKS = 64;
const CHANGES = 5;

let storage: TestDatabase;
let database: Database;

beforeAll(async () => {
  storage = await createTestDatabase({ settings: { maxPoolSize: 20, minPoolSize: 20 } });
  database = await Database.connect(storage.config);
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

test(
  `${TASKS} tasks change one portfolio optimistically and lock it after their first conflict: two attempts are enough`,
  { timeout: 120_000 },
  async () => {
    const blotter = new Blotter(database);
    const { id } = await blotter.openPortfolio(anyNewPortfolio());
    const attempts: number[] = [];
    const change = () =>
      blotter.transactions.executeWithRetry(async (unit, attempt) => {
        attempts.push(attempt);
        const portfolio = await (attempt === 1 ? unit.portfolios.get(id) : unit.portfolios.getForUpdate(id));
        unit.portfolios.save(portfolio.withLimits({ maxOpenPositions: (portfolio.limits.maxOpenPositions ?? 0) + 1 }));
      });
    const tasks = Array.from({ length: TASKS }, async () => {
      for (let number = 0; number < CHANGES; number += 1) await change();
    });
    await Promise.all(tasks);

    const portfolio = await database.read.portfolios.get(id);
    expect(portfolio.version).toBe(1 + TASKS * CHANGES);
    expect(portfolio.limits.maxOpenPositions).toBe(TASKS * CHANGES);
    expect(Math.max(...attempts)).toBe(2);
    expect((await proveBook(database)).difference).toBe('0');
  },
);
