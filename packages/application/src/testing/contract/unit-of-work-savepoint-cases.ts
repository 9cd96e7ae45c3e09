import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { A_WHILE_MS, expectError, isSettledWithin, transact } from './expectations.js';
import { anyDeposit } from './ledger-samples.js';
import { anyOrder, anyPortfolio, NOON } from './samples.js';
import { changed, storedBook } from './stored-book.js';

const mistake = new Error('a mistake');

export const savepointCases: ContractCase[] = [
  {
    name: 'keeps what was written in a savepoint that went well, and returns its result',
    async run({ factory, read }) {
      await using unit = factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      const order = await unit.savepoint((inner) => Promise.resolve(inner.orders.save(anyOrder(portfolio))));
      await unit.commit();
      expect(await read.orders.get(order.id)).toEqual(order);
    },
  },
  {
    name: 'undoes a savepoint alone when its work throws, passes the error on and stays active',
    async run({ factory, read }) {
      await using unit = factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      const [sent, unsent] = [anyOrder(portfolio), anyOrder(portfolio)];
      const failing = unit.savepoint(async (inner) => {
        inner.orders.save(sent);
        await inner.flush();
        inner.orders.save(unsent);
        throw mistake;
      });
      await expect(failing).rejects.toBe(mistake);
      expect(unit.isActive).toBe(true);
      expect((await unit.orders.listActive(portfolio.id)).items).toEqual([]);
      await unit.commit();
      expect(await read.portfolios.get(portfolio.id)).toEqual(portfolio);
      expect((await read.orders.listActive(portfolio.id)).items).toEqual([]);
    },
  },
  {
    name: 'goes back to the versions from before a savepoint that was undone',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const last = await transact(harness, async (unit) => {
        const before = unit.portfolios.save(changed(portfolio, 1));
        const failing = unit.savepoint(async (inner) => {
          inner.portfolios.save(changed(before, 2));
          await inner.flush();
          throw mistake;
        });
        await expect(failing).rejects.toBe(mistake);
        return unit.portfolios.save(changed(before, 3));
      });
      expect(last.version).toBe(3);
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(last);
    },
  },
  {
    name: 'adds a fact again that was undone with a savepoint',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const deposit = anyDeposit(portfolio);
      await transact(harness, async (unit) => {
        const failing = unit.savepoint(async (inner) => {
          inner.cashMovements.add(deposit);
          await inner.flush();
          throw mistake;
        });
        await expect(failing).rejects.toBe(mistake);
        unit.cashMovements.add(deposit);
      });
      expect(await harness.read.cashMovements.find(deposit.id)).toEqual(deposit);
    },
  },
  {
    name: 'undoes a savepoint whose last writes fail, and stays active',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      const kept = await transact(harness, async (unit) => {
        const twin = anyOrder(portfolio, { clientOrderId: order.clientOrderId });
        const failing = unit.savepoint((inner) => Promise.resolve(inner.orders.save(twin)));
        await expectError(failing, 'DUPLICATE', { entity: 'order', id: twin.id });
        expect(unit.isActive).toBe(true);
        return unit.orders.save(anyOrder(portfolio));
      });
      expect(await harness.read.orders.get(kept.id)).toEqual(kept);
    },
  },
  {
    name: 'is not active between a failed write and the end of its savepoint, and reports that write even if the work hides it',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      const kept = await transact(harness, async (unit) => {
        const failing = unit.savepoint(async (inner) => {
          inner.orders.save(anyOrder(portfolio, { clientOrderId: order.clientOrderId }));
          await expectError(inner.flush(), 'DUPLICATE');
          expect(inner.isActive).toBe(false);
          await expectError(inner.orders.find(order.id), 'TRANSACTION_NOT_ACTIVE');
          return 'all is well';
        });
        await expectError(failing, 'DUPLICATE');
        return unit.orders.save(order.cancel(NOON));
      });
      expect(await harness.read.orders.get(order.id)).toEqual(kept);
    },
  },
  {
    name: 'undoes an inner savepoint and keeps the outer one',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const [kept, undone] = [anyOrder(portfolio), anyOrder(portfolio)];
      await transact(harness, (unit) =>
        unit.savepoint(async (inner) => {
          inner.orders.save(kept);
          const failing = inner.savepoint(async (innermost) => {
            innermost.orders.save(undone);
            await innermost.flush();
            throw mistake;
          });
          await expect(failing).rejects.toBe(mistake);
        }),
      );
      expect(await harness.read.orders.find(kept.id)).toBeDefined();
      expect(await harness.read.orders.find(undone.id)).toBeUndefined();
    },
  },
  {
    name: 'undoes an inner savepoint that went well together with the outer one',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const order = anyOrder(portfolio);
      await transact(harness, async (unit) => {
        const failing = unit.savepoint(async (inner) => {
          await inner.savepoint((innermost) => Promise.resolve(innermost.orders.save(order)));
          throw mistake;
        });
        await expect(failing).rejects.toBe(mistake);
      });
      expect(await harness.read.orders.find(order.id)).toBeUndefined();
    },
  },
  {
    name: 'lets go of what was locked in a savepoint that was undone, and keeps what was locked before',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await using unit = harness.factory.begin();
      await unit.portfolios.getForUpdate(portfolio.id);
      const failing = unit.savepoint(async (inner) => {
        await inner.orders.getForUpdate(order.id);
        throw mistake;
      });
      await expect(failing).rejects.toBe(mistake);
      await using other = harness.factory.begin();
      expect(await other.orders.getForUpdate(order.id)).toEqual(order);
      const waiting = other.portfolios.getForUpdate(portfolio.id);
      expect(await isSettledWithin(A_WHILE_MS, waiting)).toBe(false);
      await unit.rollback();
      expect(await waiting).toEqual(portfolio);
    },
  },
  {
    name: 'sends what was saved before a savepoint first: its error ends the unit, and the work is not run',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await using unit = harness.factory.begin();
      unit.orders.save(anyOrder(portfolio, { clientOrderId: order.clientOrderId }));
      let ran = false;
      const savepoint = unit.savepoint(() => {
        ran = true;
        return Promise.resolve();
      });
      await expectError(savepoint, 'DUPLICATE');
      expect(ran).toBe(false);
      expect(unit.isActive).toBe(false);
    },
  },
];
