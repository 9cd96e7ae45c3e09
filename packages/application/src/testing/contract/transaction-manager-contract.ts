import { ExecutionId, Price, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import { TransactionManager } from '../../transactions/transaction-manager.js';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import { describeContract, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { anyExecution, anyOrder, anyPortfolio, anyPosition, NOON, randomId } from './samples.js';
import { changed, storedBook } from './stored-book.js';

/** What a TransactionManager does over every adapter. */
export function transactionManagerContract(makeHarness: MakeHarness, name = 'TransactionManager'): void {
  describeContract(name, transactionManagerCases(), makeHarness);
}

export function transactionManagerCases(): ContractCase[] {
  return [...onceCases, ...retryCases, ...batchCases];
}

const mistake = new Error('a mistake');

const onceCases: ContractCase[] = [
  {
    name: 'commits when the work returns, and passes its result on',
    async run({ factory, read }) {
      const portfolio = await new TransactionManager(factory).execute((unit) =>
        Promise.resolve(unit.portfolios.save(anyPortfolio())),
      );
      expect(await read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
  {
    name: 'rolls back when the work throws, and passes the error on unchanged',
    async run({ factory, read }) {
      const portfolio = anyPortfolio();
      const units: UnitOfWork[] = [];
      const failing = new TransactionManager(factory).execute(async (unit) => {
        units.push(unit);
        unit.portfolios.save(portfolio);
        await unit.flush();
        throw mistake;
      });
      await expect(failing).rejects.toBe(mistake);
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
      expect(units).toMatchObject([{ isActive: false }]);
    },
  },
  {
    name: 'runs the work once when it is not asked to repeat it',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await transact(harness, (unit) => unit.portfolios.save(changed(portfolio)));
      let runs = 0;
      const failing = new TransactionManager(harness.factory).execute((unit) => {
        runs += 1;
        return Promise.resolve(unit.portfolios.save(changed(portfolio, 1)));
      });
      await expectError(failing, 'CONCURRENCY');
      expect(runs).toBe(1);
    },
  },
];

const retryCases: ContractCase[] = [
  {
    name: 'repeats all of the work when another unit came first, and keeps nothing of the failed attempt',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const attempts: string[] = [];
      const saved = await new TransactionManager(harness.factory).executeWithRetry(async (unit) => {
        const seen = await unit.portfolios.get(portfolio.id);
        const order = unit.orders.save(anyOrder(portfolio));
        attempts.push(order.id);
        if (attempts.length === 1) await transact(harness, (rival) => rival.portfolios.save(changed(seen, 1)));
        return unit.portfolios.save(changed(seen, 2));
      });
      expect(saved.version).toBe(3);
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(saved);
      const { items } = await harness.read.orders.listActive(portfolio.id, { newestFirst: true });
      expect(items.filter(({ id }) => attempts.includes(id)).map(({ id }) => id)).toEqual(attempts.slice(1));
    },
  },
  {
    name: 'repeats the work of the loser of a race for an open position or for an execution, which then finds the winner’s',
    async run(harness) {
      const { portfolio, order, position } = await storedBook(harness);
      const execution = anyExecution(order);
      let attempts = 0;
      const found = await new TransactionManager(harness.factory).executeWithRetry(async (unit) => {
        attempts += 1;
        if (attempts === 1) unit.positions.save(anyPosition(portfolio, { symbol: position.symbol }));
        const present = await unit.executions.findByKey(execution);
        if (present) return present;
        await transact(harness, (rival) => {
          rival.executions.add(execution);
        });
        unit.executions.add(anyExecution(order, { ...execution, id: ExecutionId.of(randomId()), sequence: 2 }));
        return undefined;
      });
      expect(found).toEqual(execution);
      expect(attempts).toBe(3);
    },
  },
  {
    name: 'tells the work which attempt it is, so that it takes the lock after its first conflict and never has a second',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const transactions = new TransactionManager(harness.factory);
      const rivals = 3;
      let readers = 0;
      let allHaveRead: () => void = () => undefined;
      const read = new Promise<void>((resolve) => (allHaveRead = resolve));
      const attempts = await Promise.all(
        Array.from({ length: rivals }, () =>
          transactions.executeWithRetry(async (unit, attempt) => {
            const seen = await (attempt === 1
              ? unit.portfolios.get(portfolio.id)
              : unit.portfolios.getForUpdate(portfolio.id));
            readers += 1;
            if (readers === rivals) allHaveRead();
            await read;
            unit.portfolios.save(changed(seen));
            return attempt;
          }),
        ),
      );
      expect([...attempts].sort()).toEqual([1, ...Array<number>(rivals - 1).fill(2)]);
      expect((await harness.read.portfolios.get(portfolio.id)).version).toBe(portfolio.version + rivals);
    },
  },
  {
    name: 'gives up after the last attempt with its error',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await transact(harness, (unit) => unit.portfolios.save(changed(portfolio)));
      let attempts = 0;
      const failing = new TransactionManager(harness.factory).executeWithRetry(
        (unit) => {
          attempts += 1;
          return Promise.resolve(unit.portfolios.save(changed(portfolio, 1)));
        },
        { attempts: 3, initialDelayMs: 1 },
      );
      await expectError(failing, 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
      expect(attempts).toBe(3);
    },
  },
  ...Object.entries({
    VALIDATION: { code: 'MUST_NOT_BE_NEGATIVE', work: () => Promise.resolve(Price.of(-1)) },
    'NOT FOUND': { code: 'NOT_FOUND', work: (unit: UnitOfWork) => unit.portfolios.get(anyPortfolio().id) },
    DUPLICATE: {
      code: 'DUPLICATE',
      work: (unit: UnitOfWork, { name }: Portfolio) => Promise.resolve(unit.portfolios.save(anyPortfolio({ name }))),
    },
    INTEGRITY: {
      code: 'INTEGRITY',
      work: (unit: UnitOfWork) => Promise.resolve(unit.orders.save(anyOrder(anyPortfolio()))),
    },
    'an error of the caller’s own': { code: undefined, work: () => Promise.reject(mistake) },
  }).map(([what, { code, work }]): ContractCase => ({
    name: `does not repeat work that failed by ${what}`,
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      let attempts = 0;
      const failing: Promise<unknown> = new TransactionManager(harness.factory).executeWithRetry<unknown>((unit) => {
        attempts += 1;
        return work(unit, portfolio);
      });
      await (code === undefined ? expect(failing).rejects.toBe(mistake) : expectError(failing, code));
      expect(attempts).toBe(1);
    },
  })),
];

const batchCases: ContractCase[] = [
  {
    name: 'commits a batch as one, in order, each piece seeing the ones before it',
    async run({ factory, read }) {
      const portfolio = anyPortfolio();
      const versions = await new TransactionManager(factory).executeBatch([
        (unit) => Promise.resolve(unit.portfolios.save(portfolio).version),
        async (unit) => unit.portfolios.save(changed(await unit.portfolios.get(portfolio.id))).version,
      ]);
      expect(versions).toEqual([1, 2]);
      expect(await read.portfolios.get(portfolio.id)).toMatchObject({ version: 2, limits: { maxOpenPositions: 7 } });
    },
  },
  {
    name: 'stores nothing of a batch in which one piece fails, and does not run the rest',
    async run({ factory, read }) {
      const portfolio = anyPortfolio();
      let ran = false;
      const failing = new TransactionManager(factory).executeBatch<unknown>([
        (unit) => Promise.resolve(unit.portfolios.save(portfolio)),
        (unit) => unit.orders.get(anyOrder(portfolio, { createdAt: NOON }).id),
        () => Promise.resolve((ran = true)),
      ]);
      await expectError(failing, 'NOT_FOUND');
      expect(ran).toBe(false);
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
    },
  },
];
