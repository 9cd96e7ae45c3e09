import { expect } from 'vitest';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import type { ContractCase } from './contract-case.js';
import { A_WHILE_MS, expectError, isSettledWithin } from './expectations.js';
import { anyPortfolio, anyPosition, closingFill, NOON } from './samples.js';
import { changed, storedBook, type StoredBook } from './stored-book.js';

const locks: Readonly<Record<string, (unit: UnitOfWork, book: StoredBook) => Promise<unknown>>> = {
  portfolio: (unit, { portfolio }) => unit.portfolios.getForUpdate(portfolio.id),
  order: (unit, { order }) => unit.orders.getForUpdate(order.id),
  position: (unit, { portfolio, position }) => unit.positions.findOpenForUpdate(portfolio.id, position.symbol),
};

function changeAll(unit: UnitOfWork, { portfolio, order, position }: StoredBook): StoredBook {
  return {
    portfolio: unit.portfolios.save(changed(portfolio)),
    order: unit.orders.save(order.cancel(NOON)),
    position: unit.positions.save(position.withStops({ stopLoss: undefined, takeProfit: undefined })),
  };
}

export const lockCases: ContractCase[] = [
  ...Object.entries(locks).flatMap(([kind, lock]): ContractCase[] => [
    {
      name: `makes a second unit wait for a locked ${kind}, and shows it what the first one committed`,
      async run(harness) {
        const book = await storedBook(harness);
        await using first = harness.factory.begin();
        await using second = harness.factory.begin();
        await lock(first, book);
        const waiting = lock(second, book);
        expect(await isSettledWithin(A_WHILE_MS, waiting)).toBe(false);
        const changes: Readonly<Record<string, unknown>> = { ...changeAll(first, book) };
        await first.commit();
        expect(await waiting).toEqual(changes[kind]);
      },
    },
    {
      name: `makes a second unit wait for a locked ${kind}, and shows it the old one after a rollback`,
      async run(harness) {
        const book = await storedBook(harness);
        await using first = harness.factory.begin();
        await using second = harness.factory.begin();
        changeAll(first, book);
        await first.flush();
        const waiting = lock(second, book);
        expect(await isSettledWithin(A_WHILE_MS, waiting)).toBe(false);
        await first.rollback();
        const old: Readonly<Record<string, unknown>> = { ...book };
        expect(await waiting).toEqual(old[kind]);
      },
    },
  ]),
  {
    name: 'reads without a lock while another unit holds it',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      await using holder = harness.factory.begin();
      await holder.portfolios.getForUpdate(portfolio.id);
      holder.orders.save(order.cancel(NOON));
      await holder.flush();
      await using reader = harness.factory.begin();
      expect(await reader.portfolios.get(portfolio.id)).toEqual(portfolio);
      expect(await reader.orders.get(order.id)).toEqual(order);
      expect(await harness.read.orders.get(order.id)).toEqual(order);
    },
  },
  {
    name: 'lets one of two units win that change the same version, and tells the other when it has waited',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using first = harness.factory.begin();
      await using second = harness.factory.begin();
      const won = first.portfolios.save(changed(portfolio, 1));
      await first.flush();
      second.portfolios.save(changed(portfolio, 2));
      const waiting = second.flush();
      expect(await isSettledWithin(A_WHILE_MS, waiting)).toBe(false);
      await first.commit();
      await expectError(waiting, 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(won);
    },
  },
  {
    name: 'lets the second of two units win that change the same version when the first is rolled back',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using first = harness.factory.begin();
      await using second = harness.factory.begin();
      first.portfolios.save(changed(portfolio, 1));
      await first.flush();
      const won = second.portfolios.save(changed(portfolio, 2));
      const committing = second.commit();
      expect(await isSettledWithin(A_WHILE_MS, committing)).toBe(false);
      await first.rollback();
      await committing;
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(won);
    },
  },
  {
    name: 'lets one of two units win that insert under the same key, and tells the other when it has waited',
    async run({ factory }) {
      const portfolio = anyPortfolio();
      await using first = factory.begin();
      await using second = factory.begin();
      first.portfolios.save(portfolio);
      await first.flush();
      second.portfolios.save(anyPortfolio({ name: portfolio.name }));
      const waiting = second.commit();
      expect(await isSettledWithin(A_WHILE_MS, waiting)).toBe(false);
      await first.commit();
      await expectError(waiting, 'DUPLICATE', { key: 'portfolio name' });
    },
  },
  {
    name: 'opens the next position of a symbol once the other unit has closed the last',
    async run(harness) {
      const { portfolio, position } = await storedBook(harness);
      await using closing = harness.factory.begin();
      await using opening = harness.factory.begin();
      closing.positions.save(position.apply(closingFill));
      await closing.flush();
      const next = opening.positions.save(anyPosition(portfolio, { symbol: position.symbol }));
      const committing = opening.commit();
      expect(await isSettledWithin(A_WHILE_MS, committing)).toBe(false);
      await closing.commit();
      await committing;
      expect((await harness.read.positions.findOpen(portfolio.id, position.symbol))?.position).toEqual(next);
    },
  },
  {
    name: 'ends a deadlock by refusing one of the units, which may be repeated',
    async run(harness) {
      const [one, two] = [await storedBook(harness), await storedBook(harness)];
      await using first = harness.factory.begin();
      await using second = harness.factory.begin();
      await first.portfolios.getForUpdate(one.portfolio.id);
      await second.portfolios.getForUpdate(two.portfolio.id);
      const results = await Promise.allSettled([
        first.portfolios.getForUpdate(two.portfolio.id),
        second.portfolios.getForUpdate(one.portfolio.id),
      ]);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).toMatchObject([{ reason: { code: 'DEADLOCK' } }]);
      expect([first.isActive, second.isActive].filter(Boolean)).toHaveLength(1);
    },
  },
];
