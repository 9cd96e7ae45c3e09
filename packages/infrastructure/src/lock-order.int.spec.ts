import { Blotter } from '@blotter/application';
import { BlotterError, Money, Price, Timestamp, type PortfolioId } from '@blotter/domain';
import { anyMovementOf, anyNewOrder, anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeededRandom } from '../test/seeded-random.js';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { SYMBOLS, TRADING_STEPS, type Floor } from '../test/trading-steps.js';
import { Database } from './database/database.js';
import { proveBook } from './proof/prove-book.js';

const SEED = 7;
const PORTFOLIOS = 3;
const TASKS = 20;
const STEPS = 30;

/** What a step may be told because another task was first. */
const EXPECTED_REFUSALS = ['INTEGRITY', 'INVALID_TRANSITION', 'NOT_FOUND'];

let storage: TestDatabase;
/** Looks on. */
let observer: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  observer = await Database.connect(storage.configWith({ maxPoolSize: 2 }));
});
afterAll(async () => {
  await observer.close();
  await storage.drop();
});

test(
  `${TASKS} tasks do everything at once on ${PORTFOLIOS} portfolios, seed ${SEED}: no deadlock, no conflict under locks, the book exact`,
  { timeout: 120_000 },
  async () => {
    const before = await deadlocks();
    const database = await connectTraders();
    // The first attempt of a fill takes no locks, and may meet a conflict; the second does, and meets none. Deadlocks are counted.
    const floor = await openFloor(new Blotter(database, { retry: { attempts: 2 } }));
    const done = new Set<string>();
    const refusals = new Set<string>();
    const tasks = Array.from({ length: TASKS }, async (_, task) => {
      const random = new SeededRandom(SEED * 1_000 + task);
      for (let step = 0; step < STEPS; step += 1) {
        const [name, run] = random.pick(Object.entries(TRADING_STEPS));
        await run(floor, random).then(
          () => done.add(name),
          (error: unknown) => refusals.add(error instanceof BlotterError ? error.code : String(error)),
        );
      }
    });
    await Promise.all(tasks);
    await database.close();

    expect([...refusals].filter((code) => !EXPECTED_REFUSALS.includes(code))).toEqual([]);
    expect([...done].sort()).toEqual(Object.keys(TRADING_STEPS).sort());
    expect(await deadlocks()).toBe(before);
    expect(await proveBook(observer)).toMatchObject({ difference: '0', mismatches: [] });
    const flips = await observer.query('select 1 from positions where closed_at is not null');
    expect(flips.length).toBeGreaterThan(PORTFOLIOS);
  },
);

test('two transactions that take two portfolios in different order deadlock, and the server counts it', async () => {
  const before = await deadlocks();
  const database = await connectTraders();
  const { portfolioIds } = await openFloor(new Blotter(database));
  const [one = none(), other = none()] = portfolioIds;
  await using upwards = database.begin();
  await using downwards = database.begin();
  await upwards.portfolios.getForUpdate(one);
  await downwards.portfolios.getForUpdate(other);
  const results = await Promise.allSettled([
    upwards.portfolios.getForUpdate(other),
    downwards.portfolios.getForUpdate(one),
  ]);
  expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'DEADLOCK' } }]);
  await upwards.rollback();
  await downwards.rollback();
  await database.close();
  expect(await deadlocks()).toBe(before + 1);
});

function connectTraders(): Promise<Database> {
  return Database.connect(storage.configWith({ applicationName: 'traders', maxPoolSize: 12 }));
}

/** A backend may report its deadlocks as late as at its end: ask when the traders are gone. */
async function deadlocks(): Promise<number> {
  const traders = () => observer.query(`select pid from pg_stat_activity where application_name = 'traders'`);
  await expect.poll(traders, { timeout: 10_000 }).toEqual([]);
  const [row] = await observer.query<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? NaN;
}

/** Portfolios with cash and limits, marks of all symbols, and an order to begin with. */
async function openFloor(blotter: Blotter): Promise<Floor> {
  const at = Timestamp.of('2026-01-05T09:00:00Z');
  await blotter.markToMarket(SYMBOLS.map((symbol) => ({ symbol, price: Price.of(100), at })));
  const portfolioIds: PortfolioId[] = [];
  for (let number = 0; number < PORTFOLIOS; number += 1) {
    const opened = await blotter.openPortfolio(anyNewPortfolio({ limits: { maxOpenPositions: SYMBOLS.length } }));
    await blotter.deposit(anyMovementOf(opened, { amount: Money.of(1_000_000, 'USD') }));
    portfolioIds.push(opened.id);
  }
  portfolioIds.sort();
  const order = await blotter.placeOrder(anyNewOrder({ portfolioId: portfolioIds[0] ?? none() }));
  return { blotter, portfolioIds, orders: [order] };
}

function none(): never {
  throw new Error('There is no such portfolio.');
}
