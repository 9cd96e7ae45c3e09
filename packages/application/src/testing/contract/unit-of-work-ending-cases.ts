import type { Mark } from '@blotter/domain';
import { expect } from 'vitest';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { anyDeposit, anySnapshot } from './ledger-samples.js';
import { anyExecution, anyPortfolio, NOON } from './samples.js';
import { storedBook, type StoredBook } from './stored-book.js';

export const endingCases: ContractCase[] = [
  {
    name: 'stores what was saved when it is committed, and ends',
    async run({ factory, read }) {
      await using unit = factory.begin();
      expect(unit.isActive).toBe(true);
      const portfolio = unit.portfolios.save(anyPortfolio());
      expect(portfolio.version).toBe(1);
      await unit.commit();
      expect(unit.isActive).toBe(false);
      expect(await read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
  {
    name: 'stores nothing of what was saved, sent or not, when it is rolled back',
    async run({ factory, read }) {
      await using unit = factory.begin();
      const sent = unit.portfolios.save(anyPortfolio());
      await unit.flush();
      const unsent = unit.portfolios.save(anyPortfolio());
      await unit.rollback();
      expect(unit.isActive).toBe(false);
      expect(await read.portfolios.find(sent.id)).toBeUndefined();
      expect(await read.portfolios.find(unsent.id)).toBeUndefined();
    },
  },
  {
    name: 'is rolled back at the end of its block unless it was committed',
    async run({ factory, read }) {
      const portfolio = anyPortfolio();
      {
        await using unit = factory.begin();
        unit.portfolios.save(portfolio);
        await unit.flush();
      }
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
    },
  },
  {
    name: 'is left alone at the end of its block once it was committed or rolled back',
    async run({ factory }) {
      for (const end of ['commit', 'rollback'] as const) {
        await using unit = factory.begin();
        await unit[end]();
      }
    },
  },
  {
    name: 'commits and rolls back when it was given nothing to do',
    async run({ factory }) {
      await factory.begin().commit();
      await factory.begin().rollback();
      const flushed = factory.begin();
      await flushed.flush();
      await flushed.commit();
    },
  },
  {
    name: 'refuses every call once it was committed',
    async run(harness) {
      const unit = harness.factory.begin();
      await unit.commit();
      await expectRefusesEverything(unit, await storedBook(harness));
      await expectError(unit.rollback(), 'TRANSACTION_NOT_ACTIVE');
    },
  },
  {
    name: 'refuses every call once it was rolled back',
    async run(harness) {
      const unit = harness.factory.begin();
      unit.portfolios.save(anyPortfolio());
      await unit.rollback();
      await expectRefusesEverything(unit, await storedBook(harness));
      await expectError(unit.rollback(), 'TRANSACTION_NOT_ACTIVE');
    },
  },
  {
    name: 'refuses calls while it is being committed',
    async run({ factory }) {
      await using unit = factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      const committing = unit.commit();
      expect(unit.isActive).toBe(false);
      expect(() => unit.portfolios.save(portfolio)).toThrow(
        expect.objectContaining({ code: 'TRANSACTION_NOT_ACTIVE' }),
      );
      await expectError(unit.flush(), 'TRANSACTION_NOT_ACTIVE');
      await committing;
    },
  },
];

/** Every method of the unit and of its repositories, rollback apart. */
export async function expectRefusesEverything(unit: UnitOfWork, book: StoredBook): Promise<void> {
  const { portfolio, order, position } = book;
  expect(unit.isActive).toBe(false);
  for (const write of writesOf(unit, book)) {
    expect(write).toThrow(expect.objectContaining({ code: 'TRANSACTION_NOT_ACTIVE' }));
  }
  const calls: (() => Promise<unknown>)[] = [
    () => unit.portfolios.find(portfolio.id),
    () => unit.portfolios.get(portfolio.id),
    () => unit.portfolios.getForUpdate(portfolio.id),
    () => unit.portfolios.getWithPositions(portfolio.id),
    () => unit.portfolios.list(),
    () => unit.orders.find(order.id),
    () => unit.orders.getForUpdate(order.id),
    () => unit.orders.listActive(portfolio.id),
    () => unit.positions.findOpen(portfolio.id, position.symbol),
    () => unit.positions.findOpenForUpdate(portfolio.id, position.symbol),
    () => unit.executions.list(portfolio.id),
    () => unit.cashMovements.list(portfolio.id),
    () => unit.snapshots.findLatest(portfolio.id),
    () => unit.marks.find(position.symbol),
    () => unit.refresh(order),
    () => unit.flush(),
    () => unit.savepoint(() => Promise.resolve()),
    () => unit.commit(),
  ];
  for (const call of calls) await expectError(call(), 'TRANSACTION_NOT_ACTIVE');
}

function writesOf(unit: UnitOfWork, { portfolio, order, position }: StoredBook): (() => unknown)[] {
  const mark: Mark = { symbol: position.symbol, price: anyExecution(order).price, at: NOON };
  return [
    () => unit.portfolios.save(portfolio),
    () => {
      unit.portfolios.remove(portfolio);
    },
    () => unit.orders.save(order),
    () => {
      unit.orders.remove(order);
    },
    () => unit.positions.save(position),
    () => {
      unit.positions.remove(position);
    },
    () => {
      unit.executions.add(anyExecution(order));
    },
    () => {
      unit.cashMovements.add(anyDeposit(portfolio));
    },
    () => {
      unit.snapshots.add(anySnapshot(portfolio));
    },
    () => {
      unit.marks.put(mark);
    },
  ];
}
