import { expect } from 'vitest';
import { TransactionManager } from '../../transactions/transaction-manager.js';
import type { ContractCase } from './contract-case.js';
import { A_WHILE_MS, expectError, isSettledWithin } from './expectations.js';
import { anyPortfolio } from './samples.js';
import { changed, storedBook } from './stored-book.js';

/** Long enough for every wait that should have ended. */
const AMPLE_MS = 5_000;

/** Deadlines and signals end the wait, and the unit with it. */
export const waitingCases: ContractCase[] = [
  {
    name: 'ends a unit at its deadline while it waits for a lock, and lets go of what it had locked',
    async run(harness) {
      const [first, second] = [await storedBook(harness), await storedBook(harness)];
      await using holder = harness.factory.begin();
      await holder.portfolios.getForUpdate(first.portfolio.id);
      const unit = harness.factory.begin({ timeoutMs: A_WHILE_MS });
      await unit.portfolios.getForUpdate(second.portfolio.id);
      await expectError(unit.portfolios.getForUpdate(first.portfolio.id), 'TIMEOUT');
      expect(unit.isActive).toBe(false);
      await expectError(unit.portfolios.find(first.portfolio.id), 'TRANSACTION_NOT_ACTIVE');
      await using other = harness.factory.begin();
      const locked = other.portfolios.getForUpdate(second.portfolio.id);
      expect(await isSettledWithin(AMPLE_MS, locked)).toBe(true);
      expect(await locked).toEqual(second.portfolio);
    },
  },
  {
    name: 'ends a unit when its signal is aborted, keeps nothing of it, and names the reason as the cause',
    async run({ factory, read }) {
      const controller = new AbortController();
      const unit = factory.begin({ signal: controller.signal });
      const portfolio = unit.portfolios.save(anyPortfolio());
      await unit.flush();
      const reason = new Error('no longer wanted');
      controller.abort(reason);
      expect(unit.isActive).toBe(false);
      await expectError(unit.commit(), 'TRANSACTION_NOT_ACTIVE', {
        cause: expect.objectContaining({ code: 'ABORTED', cause: reason }) as unknown,
      });
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
    },
  },
  {
    name: 'sends nothing of a unit whose signal was aborted before',
    async run({ factory, read }) {
      const portfolio = anyPortfolio();
      const failing = new TransactionManager(factory).execute(
        (unit) => {
          unit.portfolios.save(portfolio);
          return unit.flush();
        },
        { signal: AbortSignal.abort() },
      );
      await expectError(failing, 'ABORTED');
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
    },
  },
  {
    name: 'does not wait at its deadline for work that waits for something else, and rolls it back',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const failing = new TransactionManager(harness.factory).execute(
        async (unit) => {
          unit.portfolios.save(changed(portfolio));
          await unit.flush();
          await new Promise<void>(() => undefined);
        },
        { timeoutMs: A_WHILE_MS },
      );
      await expectError(failing, 'TIMEOUT');
      await using other = harness.factory.begin();
      expect(await other.portfolios.getForUpdate(portfolio.id)).toEqual(portfolio);
    },
  },
  {
    name: 'ends repetitions at the deadline too, which is one for all of them',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using holder = harness.factory.begin();
      await holder.portfolios.getForUpdate(portfolio.id);
      const failing = new TransactionManager(harness.factory).executeWithRetry(
        (unit) => unit.portfolios.getForUpdate(portfolio.id),
        { timeoutMs: A_WHILE_MS },
      );
      expect(await isSettledWithin(AMPLE_MS, failing)).toBe(true);
      await expectError(failing, 'TIMEOUT');
    },
  },
  {
    name: 'leaves a unit alone that has ended before its deadline',
    async run({ factory, read }) {
      const controller = new AbortController();
      const unit = factory.begin({ timeoutMs: AMPLE_MS, signal: controller.signal });
      const portfolio = unit.portfolios.save(anyPortfolio());
      await unit.commit();
      controller.abort();
      expect(await read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
];
