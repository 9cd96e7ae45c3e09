import {
  deposit,
  everyItem,
  openPortfolio,
  recordExecution,
  recordExecutions,
  TransactionManager,
  withdraw,
  type BookReader,
  type RecordedExecution,
  type UnitOfWorkFactory,
} from '@blotter/application';
import { InMemoryBook } from '@blotter/application/testing';
import { InsufficientCashError, Order, Timestamp, type ExecutionReport, type PortfolioId } from '@blotter/domain';
import {
  arbitraryHistory,
  historyCommands,
  historyPortfolio,
  type HistoryCommand,
  type HistoryStep,
} from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { proveBook } from '../proof/prove-book.js';

const RECORDED_AT = Timestamp.of('2026-02-01T00:00:00Z');

type Movement = Exclude<HistoryCommand, { kind: 'execution' }>;
/** What is sent at once: a movement of cash, or some reports. */
type Batch = { readonly movement: Movement } | { readonly reports: readonly ExecutionReport[] };

describe('Executions recorded in batches of any size', () => {
  let book: TestBook;
  beforeAll(async () => {
    book = await openTestBook();
  });
  afterAll(() => book.drop());

  const anyBatches = fc.tuple(arbitraryHistory(), arbitraryHistory(), fc.array(fc.nat({ max: 9 }), { minLength: 8 }));

  it('make the same book, and say the same, as one after the other, in memory', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async ([one, other, choices]) => {
        await expectSame(new InMemoryBook(), [one, other], choices, 1);
      }),
      { numRuns: 150 },
    );
  });

  it('do so on PostgreSQL, where the proof finds no difference', { timeout: 60_000 }, async () => {
    let run = 1;
    await fc.assert(
      fc.asyncProperty(anyBatches, async ([one, other, choices]) => {
        const first = run;
        // Before it can fail: what is left of a failure must not be met by the next attempt.
        run += 2;
        await expectSame(book.database, [one, other], choices, first);
      }),
      { numRuns: 12 },
    );
    expect(await proveBook(book.database)).toMatchObject({ difference: '0', mismatches: [] });
  });

  it('do so when they are so many that they go by COPY', { timeout: 60_000 }, async () => {
    const [history = []] = fc.sample(arbitraryHistory({ minLength: 500, maxLength: 500 }), { numRuns: 1, seed: 7 });
    expect(history.length).toBeGreaterThan(900);
    await expectSame(book.database, [history], [9], 1_000, true);
    expect(await proveBook(book.database)).toMatchObject({ difference: '0', mismatches: [] });
  });
});

/** Sends the histories to this book in batches, and to another one by one; then compares the answers, and every row. */
async function expectSame(
  units: UnitOfWorkFactory & { readonly read: BookReader },
  histories: readonly (readonly HistoryStep[])[],
  choices: readonly number[],
  run: number,
  isOneBatch = false,
): Promise<void> {
  const runs = histories.map((steps, index) => ({ run: run + index, commands: historyCommands(steps, run + index) }));
  const batches = batchesOf(
    runs.map(({ commands }) => commands),
    choices,
    isOneBatch,
  );
  const reference = new InMemoryBook();
  const answers: RecordedExecution[][] = [];
  for (const each of [units, reference]) {
    const transactions = new TransactionManager(each);
    await transactions.execute(async (unit) => {
      for (const { run: number } of runs) await openPortfolio(unit, historyPortfolio(number));
      const orders = runs.flatMap(({ commands }) =>
        commands.flatMap((command) => (command.kind === 'execution' ? [command.order] : [])),
      );
      unit.orders.saveMany([...new Map(orders.map((order) => [order.id, Order.create(order)])).values()]);
    });
    answers.push(await (each === units ? recordBatches(transactions, batches) : recordSingly(transactions, batches)));
  }
  expect(answers[0]).toEqual(answers[1]);
  for (const { run: number } of runs) {
    const { id } = historyPortfolio(number);
    expect(await rowsOf(units.read, id)).toEqual(await rowsOf(reference.read, id));
  }
}

async function recordBatches(
  transactions: TransactionManager,
  batches: readonly Batch[],
): Promise<RecordedExecution[]> {
  const answers: RecordedExecution[] = [];
  for (const batch of batches) {
    if ('movement' in batch) await move(transactions, batch.movement);
    else answers.push(...(await transactions.execute((unit) => recordExecutions(unit, batch.reports, RECORDED_AT))));
  }
  return answers;
}

async function recordSingly(transactions: TransactionManager, batches: readonly Batch[]): Promise<RecordedExecution[]> {
  const answers: RecordedExecution[] = [];
  for (const batch of batches) {
    if ('movement' in batch) await move(transactions, batch.movement);
    else
      for (const report of batch.reports)
        answers.push(await transactions.execute((unit) => recordExecution(unit, report, RECORDED_AT)));
  }
  return answers;
}

/** Withdrawals of more than there is are part of a history, and refused. */
async function move(transactions: TransactionManager, { kind, movement }: Movement): Promise<void> {
  await transactions
    .execute((unit) => (kind === 'deposit' ? deposit(unit, movement) : withdraw(unit, movement)))
    .catch((error: unknown) => {
      if (!(error instanceof InsufficientCashError)) throw error;
    });
}

/** Takes from the histories by turns, cuts where the choices say so, and sends some reports twice. One batch has all movements before it. */
function batchesOf(
  histories: readonly (readonly HistoryCommand[])[],
  choices: readonly number[],
  isOneBatch: boolean,
): Batch[] {
  const left = histories.map((commands) => [...commands]);
  const batches: Batch[] = [];
  let reports: ExecutionReport[] = [];
  const cut = () => {
    if (reports.length > 0) batches.push({ reports });
    reports = [];
  };
  for (let turn = 0; ; turn += 1) {
    const choice = choices[turn % choices.length] ?? 0;
    // Of those that have any left: choices that always meet the same history would go on for ever once it is empty.
    const unfinished = left.filter((commands) => commands.length > 0);
    const command = unfinished[(choice + turn) % unfinished.length]?.shift();
    if (!command) break;
    if (command.kind !== 'execution') {
      if (!isOneBatch) cut();
      batches.push({ movement: command });
      continue;
    }
    reports.push(command.report);
    // A few: all of them would double what is sent, again and again.
    if (choice === 0) reports.push(...reports.slice(turn % reports.length).slice(0, 3));
    if (choice % 4 === 1 && !isOneBatch) cut();
  }
  cut();
  return batches;
}

async function rowsOf(read: BookReader, id: PortfolioId) {
  const [from, to] = [Timestamp.of('2000-01-01'), Timestamp.of('2100-01-01')];
  return {
    portfolio: await read.portfolios.get(id),
    orders: await all((page) => read.orders.listCreatedBetween(id, from, to, page)),
    positions: await all((page) => read.positions.listOpenedBetween(id, from, to, page)),
    executions: await all((page) => read.executions.list(id, page)),
  };
}

async function all<Item>(list: Parameters<typeof everyItem<Item>>[0]): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of everyItem(list)) items.push(item);
  return items;
}
