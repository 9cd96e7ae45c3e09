import { expect } from 'vitest';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import type { ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { anyOrder, anyPortfolio } from './samples.js';
import { storedBook } from './stored-book.js';

/** A unit of work belongs to one task: what two do with it at once is refused before it can go wrong. */
export const oneTaskCases: ContractCase[] = [
  {
    name: 'refuses a second savepoint beside the first, and keeps what the first one wrote',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const order = anyOrder(portfolio);
      await transact(harness, async (unit) => {
        const gate = openLater();
        const first = unit.savepoint(async (inner) => {
          inner.orders.save(order);
          await gate.opened;
        });
        await expectError(
          unit.savepoint(() => Promise.reject(new Error('of another task'))),
          'UNIT_OF_WORK_BUSY',
        );
        gate.open();
        await first;
      });
      expect(await harness.read.orders.find(order.id)).toEqual({ ...order, version: 1 });
    },
  },
  {
    name: 'refuses every use of a unit while a savepoint of it is open, and works on when it has ended',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await transact(harness, async (unit) => {
        await unit.savepoint(async () => {
          expect(unit.isActive).toBe(true);
          await expectError(unit.orders.find(order.id), 'UNIT_OF_WORK_BUSY');
          await expectError(unit.flush(), 'UNIT_OF_WORK_BUSY');
          await expectError(unit.commit(), 'UNIT_OF_WORK_BUSY');
          expect(() => unit.orders.save(anyOrder(portfolio))).toThrow(
            expect.objectContaining({ code: 'UNIT_OF_WORK_BUSY' }),
          );
        });
        expect(await unit.orders.find(order.id)).toEqual(order);
      });
    },
  },
  {
    name: 'refuses to commit or roll back the unit of a savepoint, which ends with its work',
    async run({ factory }) {
      await using unit = factory.begin();
      await unit.savepoint(async (inner) => {
        await expectError(inner.commit(), 'UNIT_OF_WORK_BUSY');
        await expectError(inner.rollback(), 'UNIT_OF_WORK_BUSY');
      });
      await unit.commit();
    },
  },
  {
    name: 'refuses the unit of a savepoint that has ended',
    async run(harness) {
      const { order } = await storedBook(harness);
      await using unit = harness.factory.begin();
      let kept: UnitOfWork | undefined;
      await unit.savepoint((inner) => {
        kept = inner;
        return Promise.resolve();
      });
      expect(kept?.isActive).toBe(false);
      await expectError(kept?.orders.find(order.id) ?? Promise.resolve(), 'TRANSACTION_NOT_ACTIVE');
      expect(unit.isActive).toBe(true);
    },
  },
  {
    name: 'refuses to commit while another call is under way, and commits when it has come back',
    async run({ factory, read }) {
      await using unit = factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      const reading = unit.portfolios.find(portfolio.id);
      await expectError(unit.commit(), 'UNIT_OF_WORK_BUSY');
      expect(await reading).toEqual(portfolio);
      await unit.commit();
      expect(await read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
];

/** A gate that two tasks of a test meet at. */
function openLater(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
