import { Price } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { anyPortfolio, closingFill, NOON } from './samples.js';
import { changed, storedBook } from './stored-book.js';

export const refreshCases: ContractCase[] = [
  {
    name: 'refreshes an entity to what others have committed since, and saves from there',
    async run(harness) {
      const { portfolio, order, position } = await storedBook(harness);
      await using unit = harness.factory.begin();
      expect(await unit.refresh(portfolio)).toEqual(portfolio);
      const theirs = await transact(harness, (other) => ({
        portfolio: other.portfolios.save(changed(portfolio)),
        order: other.orders.save(order.cancel(NOON)),
        position: other.positions.save(position.withStops({ stopLoss: Price.of(90), takeProfit: undefined })),
      }));
      expect(await unit.refresh(portfolio)).toEqual(theirs.portfolio);
      expect(await unit.refresh(order)).toEqual(theirs.order);
      const fresh = await unit.refresh(position);
      expect(fresh).toEqual(theirs.position);
      const closed = unit.positions.save(fresh.apply(closingFill));
      await unit.commit();
      expect(await harness.read.positions.get(position.id)).toEqual(closed);
    },
  },
  {
    name: 'refreshes an entity to what the unit itself has saved',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using unit = harness.factory.begin();
      const saved = unit.portfolios.save(changed(portfolio));
      expect(await unit.refresh(portfolio)).toEqual(saved);
    },
  },
  {
    name: 'says NotFoundError when an entity to be refreshed is gone',
    async run(harness) {
      const { order, position } = await storedBook(harness);
      await transact(harness, (unit) => {
        unit.orders.remove(order);
        unit.positions.remove(position);
      });
      await using unit = harness.factory.begin();
      const never = anyPortfolio();
      await expectError(unit.refresh(order), 'NOT_FOUND', { entity: 'order', id: order.id });
      await expectError(unit.refresh(position), 'NOT_FOUND', { entity: 'position', id: position.id });
      await expectError(unit.refresh(never), 'NOT_FOUND', { entity: 'portfolio', id: never.id });
      expect(unit.isActive).toBe(true);
    },
  },
];

const READ_ONLY = { sqlState: '25006' };

export const optionCases: ContractCase[] = [
  {
    name: 'refuses to write in a unit that may only read',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await using writing = harness.factory.begin({ readOnly: true });
      writing.portfolios.save(changed(portfolio));
      await expectError(writing.commit(), 'DATABASE_ERROR', READ_ONLY);
      await using locking = harness.factory.begin({ readOnly: true });
      await expectError(locking.orders.getForUpdate(order.id), 'DATABASE_ERROR', READ_ONLY);
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  },
  ...(['read committed', 'repeatable read', 'serializable'] as const).map((isolation): ContractCase => ({
    name: `reads, writes and commits at ${isolation}`,
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await using unit = harness.factory.begin({ isolation });
      expect(await unit.orders.get(order.id)).toEqual(order);
      const locked = await unit.portfolios.getForUpdate(portfolio.id);
      const saved = unit.portfolios.save(changed(locked));
      await unit.commit();
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(saved);
    },
  })),
];
