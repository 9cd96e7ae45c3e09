import { Blotter, recordExecution, type Retry } from '@blotter/application';
import { ExecutionId, Money, Price, Quantity, type ExecutionReport, type Order } from '@blotter/domain';
import { anyReportOf, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';
import { Database } from './database/database.js';
import { proveBook } from './proof/prove-book.js';

const TASKS = 64;

let book: TestBook;
/** The same book in another process, as far as turns and sessions go. */
let elsewhere: Database;
let trader: Trader;
let order: Order;

beforeAll(async () => {
  book = await openTestBook({ maxPoolSize: 20 });
  elsewhere = await Database.connect(book.storage.configWith({ maxPoolSize: 20 }));
});
afterAll(async () => {
  await elsewhere.close();
  await book.drop();
});
beforeEach(async () => {
  trader = await Trader.open(book, {}, '1000000');
  order = await trader.place({ quantity: Quantity.of(100) });
});

/** A fill of one, at a price that no other has. */
function anyPart(number = 0): ExecutionReport {
  const commission = Money.of('0.35', order.currency);
  return anyReportOf(order, { quantity: Quantity.of(1), price: Price.of(`100.${number + 1}`), commission });
}

test('a fill that another process overtakes between its read and its write is repeated once, under locks', async () => {
  const other = new Blotter(elsewhere);
  const failures: unknown[] = [];
  const report = anyPart();
  const recorded = await book.blotter.transactions.executeWithRetry(
    async (unit, attempt) => {
      const result = await recordExecution(unit, report, report.executedAt, { locks: attempt > 1 });
      if (attempt === 1) await other.recordExecution(anyPart(1));
      return result;
    },
    { onRetry: ({ error }) => failures.push(error) },
  );
  expect(recorded.execution.sequence).toBe(3);
  expect(failures).toMatchObject([{ code: 'CONCURRENCY', entity: 'portfolio', id: trader.portfolioId }]);
  await expectExact(2);
});

test('fills of a portfolio from two processes are refused at most once each, and the book is exact', async () => {
  const retries: Retry[] = [];
  // Without locks at first, and with them then: the second attempt is the last one that is needed.
  const retry = { attempts: 2, onRetry: (again: Retry) => retries.push(again) };
  const blotters = [book.database, elsewhere].map((database) => new Blotter(database, { retry }));
  const tasks = Array.from({ length: TASKS }, async (_, task) => {
    const blotter = blotters[task % 2];
    const answer = await blotter?.recordExecution(anyPart(task));
    return answer?.execution.sequence;
  });
  const sequences = await Promise.all(tasks);
  expect(sequences.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: TASKS }, (_, index) => index + 2));
  expect(retries.filter(({ attempt }) => attempt > 1)).toEqual([]);
  await expectExact(TASKS);
});

test('a fill that two processes are sent many times at once counts once, and all are told the same execution', async () => {
  const report = anyPart();
  const answers = await Promise.all(
    Array.from({ length: TASKS }, (_, task) =>
      new Blotter(task % 2 === 0 ? book.database : elsewhere).recordExecution({
        ...report,
        id: ExecutionId.of(anyUuid()),
      }),
    ),
  );
  expect(answers.filter(({ alreadyRecorded }) => !alreadyRecorded)).toHaveLength(1);
  expect(new Set(answers.map(({ execution }) => execution.id)).size).toBe(1);
  await expectExact(1);
});

/** The order is filled so far, and everything else follows from the fills. */
async function expectExact(fills: number): Promise<void> {
  expect((await book.database.read.orders.get(order.id)).filledQuantity).toEqual(Quantity.of(fills));
  expect((await trader.held()).position.quantity).toEqual(Quantity.of(fills));
  expect(await trader.portfolio()).toMatchObject({ lastSequence: 1 + fills, version: 2 + fills });
  const portfolioIds = [trader.portfolioId];
  expect(await proveBook(book.database, { portfolioIds })).toMatchObject({ difference: '0', mismatches: [] });
}
