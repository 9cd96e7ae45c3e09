import { expect } from 'vitest';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { anyOrder, anyPortfolio, NOON } from './samples.js';
import { changed, storedBook, type StoredBook } from './stored-book.js';
import { expectRefusesEverything } from './unit-of-work-ending-cases.js';

export const deferredErrorCases: ContractCase[] = [
  ...(['flush', 'commit'] as const).map((step): ContractCase => ({
    name: `says nothing of a stale save when it is registered, and reports it at ${step}`,
    async run(harness) {
      const { portfolio } = await outdated(harness);
      await using unit = harness.factory.begin();
      unit.portfolios.save(changed(portfolio, 1));
      await expectError(unit[step](), 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
      expect(unit.isActive).toBe(false);
    },
  })),
  {
    name: 'reports a stale save at the next read of anything',
    async run(harness) {
      const { portfolio, order, position } = await outdated(harness);
      const reads: ((unit: UnitOfWork) => Promise<unknown>)[] = [
        (unit) => unit.portfolios.list({ limit: 1 }),
        (unit) => unit.orders.find(order.id),
        (unit) => unit.positions.findOpenForUpdate(portfolio.id, position.symbol),
        (unit) => unit.marks.findAll([position.symbol]),
        (unit) => unit.refresh(order),
      ];
      for (const read of reads) {
        await using unit = harness.factory.begin();
        unit.portfolios.save(changed(portfolio, 1));
        await expectError(read(unit), 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
        expect(unit.isActive).toBe(false);
      }
    },
  },
  {
    name: 'stores nothing of a unit in which one write failed',
    async run(harness) {
      const { portfolio } = await outdated(harness);
      const bystander = anyPortfolio();
      await using unit = harness.factory.begin();
      unit.portfolios.save(bystander);
      await unit.flush();
      unit.orders.save(anyOrder(bystander));
      unit.portfolios.save(changed(portfolio, 1));
      await expectError(unit.commit(), 'CONCURRENCY');
      expect(await harness.read.portfolios.find(bystander.id)).toBeUndefined();
      expect(await harness.read.portfolios.get(portfolio.id)).toMatchObject({
        version: 2,
        limits: { maxOpenPositions: 7 },
      });
    },
  },
  {
    name: 'reports the first error of several, and never its echo',
    async run(harness) {
      const { portfolio, order } = await outdated(harness);
      await using unit = harness.factory.begin();
      unit.orders.save(anyOrder(portfolio, { clientOrderId: order.clientOrderId }));
      unit.portfolios.save(changed(portfolio, 1));
      const calls = [unit.orders.find(order.id), unit.portfolios.getForUpdate(portfolio.id), unit.flush()];
      const [first, ...rest] = await Promise.allSettled(calls);
      const stale = { code: 'CONCURRENCY', entity: 'portfolio', id: portfolio.id };
      expect(first).toMatchObject({ status: 'rejected', reason: stale });
      for (const result of rest) {
        // A call behind the failed write was made before anybody knew, or is told that the unit has ended.
        const reason = result.status === 'rejected' && (result.reason as { code?: unknown; cause?: unknown });
        const told = reason && reason.code === 'TRANSACTION_NOT_ACTIVE' ? reason.cause : reason;
        expect(told).toMatchObject(stale);
      }
    },
  },
  {
    name: 'refuses every call after a failed write, naming it as the cause; a rollback does no harm',
    async run(harness) {
      const { portfolio } = await outdated(harness);
      await using unit = harness.factory.begin();
      unit.portfolios.save(changed(portfolio, 1));
      await expectError(unit.flush(), 'CONCURRENCY');
      await expectRefusesEverything(unit, await storedBook(harness));
      const cause = expect.objectContaining({ code: 'CONCURRENCY' }) as unknown;
      await expectError(unit.flush(), 'TRANSACTION_NOT_ACTIVE', { cause });
      await unit.rollback();
      await unit.rollback();
    },
  },
  {
    name: 'lets go of its locks when a write fails',
    async run(harness) {
      const { portfolio, order } = await outdated(harness);
      await using unit = harness.factory.begin();
      await unit.orders.getForUpdate(order.id);
      unit.portfolios.save(changed(portfolio, 1));
      await expectError(unit.flush(), 'CONCURRENCY');
      const cancelled = await transact(harness, (other) => other.orders.save(order.cancel(NOON)));
      expect(await harness.read.orders.get(order.id)).toEqual(cancelled);
    },
  },
  {
    name: 'reports at flush that a row was missing or in the way: a parent that is not there, a child that is',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using orphaned = harness.factory.begin();
      orphaned.orders.save(anyOrder(anyPortfolio()));
      await expectError(orphaned.flush(), 'INTEGRITY');
      await using removing = harness.factory.begin();
      removing.portfolios.remove(portfolio);
      await expectError(removing.flush(), 'INTEGRITY');
      expect([orphaned.isActive, removing.isActive]).toEqual([false, false]);
    },
  },
  {
    name: 'stays active when a read finds nothing',
    async run(harness) {
      const { id } = anyPortfolio();
      await using unit = harness.factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      await expectError(unit.portfolios.get(id), 'NOT_FOUND');
      await expectError(unit.portfolios.getForUpdate(id), 'NOT_FOUND');
      await unit.commit();
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
];

/** A book as it was read before somebody changed its portfolio. */
async function outdated(harness: BookHarness): Promise<StoredBook> {
  const book = await storedBook(harness);
  await transact(harness, (unit) => unit.portfolios.save(changed(book.portfolio)));
  return book;
}
