import { Blotter, TransactionManager, type TransactionOptions } from '@blotter/application';
import { OrderId, Quantity, type Order } from '@blotter/domain';
import { anyReportOf, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { reasonOf } from '../../test/reason-of.js';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';
import { Database } from '../database/database.js';
import type { PostgresUnitOfWork } from './postgres-unit-of-work.js';

const HOURS = { acquireTimeoutMs: 3_600_000, idleInTransactionTimeoutMs: 3_600_000 };
const MAX_WAITING = 40;

let book: TestBook;
let trader: Trader;
let order: Order;

beforeAll(async () => {
  // A turn that is kept is kept, and waited for, for longer than a test may take.
  book = await openTestBook({ maxPoolSize: 2, maxWaiting: MAX_WAITING, ...HOURS });
});
afterAll(() => book.drop());
beforeEach(async () => {
  trader = await Trader.open(book);
  order = await trader.place();
});

function anyPart() {
  return anyReportOf(order, { quantity: Quantity.of('0.1') });
}

/** A unit that has its turn at the portfolio. */
async function inTurn(options: TransactionOptions = {}): Promise<PostgresUnitOfWork> {
  const unit = book.database.begin(options);
  await unit.executions.getBasis(anyPart());
  return unit;
}

test('fills of one portfolio in one process never meet in the database', async () => {
  const once = new Blotter(book.database, { retry: { attempts: 1 } });
  await Promise.all(Array.from({ length: 30 }, () => once.recordExecution(anyPart())));
  expect((await trader.portfolio()).lastSequence).toBe(31);
});

describe('the next fill of the portfolio goes through when a unit that had its turn', { timeout: 20_000 }, () => {
  const endings: Record<string, () => Promise<unknown>> = {
    'is committed, and had nothing to write': async () => (await inTurn()).commit(),
    'is rolled back': async () => (await inTurn()).rollback(),
    'is left by its block': async () => {
      await using unit = await inTurn();
      expect(unit.isActive).toBe(true);
    },
    'is refused at its commit': async () => {
      const unit = await inTurn();
      unit.portfolios.save((await trader.portfolio()).atVersion(7).withLimits({ maxOpenPositions: 1 }));
      await expect(unit.commit()).rejects.toMatchObject({ code: 'CONCURRENCY' });
    },
    'fails in its transaction': async () => {
      const unit = await inTurn();
      await expect(unit.sql('select 1 / 0')).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    },
    'finds no order': () => {
      const report = { ...anyPart(), orderId: OrderId.of(anyUuid()) };
      return expect(book.blotter.recordExecution(report)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
    'is given up by its work': () => {
      const work = async (unit: PostgresUnitOfWork) => {
        await unit.executions.getBasis(anyPart());
        throw new RangeError('not today');
      };
      return expect(new TransactionManager(book.database).execute(work)).rejects.toThrow('not today');
    },
    'is aborted': async () => {
      const controller = new AbortController();
      const unit = await inTurn({ signal: controller.signal });
      controller.abort();
      expect(unit.isActive).toBe(false);
    },
    'is past its deadline': async () => {
      const unit = await inTurn({ timeoutMs: 1_000 });
      await expect.poll(() => unit.isActive, { timeout: 5_000 }).toBe(false);
    },
    'gets no session': async () => {
      const holders = [book.database.begin(), book.database.begin()];
      for (const holder of holders) await holder.sql('select 1');
      const unit = await inTurn();
      unit.portfolios.save((await trader.portfolio()).withLimits({ maxOpenPositions: 1 }));
      const crowd = Array.from({ length: MAX_WAITING }, () => book.database.query('select 1'));
      await expect(unit.commit()).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
      for (const holder of holders) await holder.rollback();
      await Promise.all(crowd);
    },
  };

  it.each(Object.entries(endings))('%s', async (_, end) => {
    await end();
    expect(await trader.fill(order)).toMatchObject({ status: 'FILLED' });
  });
});

test('a unit that is aborted or rolled back while it waits for its turn takes none', { timeout: 20_000 }, async () => {
  const holder = await inTurn();
  const controller = new AbortController();
  const aborted = reasonOf(inTurn({ signal: controller.signal }));
  const left = book.database.begin();
  const reading = left.executions.getBasis(anyPart());
  const next = trader.fill(order);
  controller.abort();
  expect(await aborted).toMatchObject({ code: 'ABORTED' });
  await left.rollback();
  await holder.rollback();
  await reading;
  expect(await next).toMatchObject({ status: 'FILLED' });
});

test('a unit that was forgotten with its turn holds the others up for as long as the server would let it idle', async () => {
  const config = book.storage.configWith({ ...HOURS, idleInTransactionTimeoutMs: 300 });
  await using database = await Database.connect(config);
  const forgotten = database.begin();
  await forgotten.executions.getBasis(anyPart());
  const recorded = await new Blotter(database).recordExecution(anyPart());
  expect(recorded.alreadyRecorded).toBe(false);
  expect(forgotten.isActive).toBe(true);
  await forgotten.rollback();
});

test('fills wait no longer for their turn than for a session, and not one after the other for a row that is kept', async () => {
  const config = book.storage.configWith({ ...HOURS, maxPoolSize: 4, lockTimeoutMs: 3_600_000, acquireTimeoutMs: 300 });
  await using database = await Database.connect(config);
  const blotter = new Blotter(database);
  await using holder = book.database.begin();
  await holder.portfolios.getForUpdate(trader.portfolioId);
  const fills = Promise.all(Array.from({ length: 3 }, () => blotter.recordExecution(anyPart())));
  await expect.poll(waitingForLocks, { timeout: 5_000 }).toBe(3);
  await holder.rollback();
  expect((await fills).map(({ alreadyRecorded }) => alreadyRecorded)).toEqual([false, false, false]);
});

async function waitingForLocks(): Promise<number> {
  const [row] = await book.database.query<{ count: string }>(
    `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return Number(row?.count);
}
