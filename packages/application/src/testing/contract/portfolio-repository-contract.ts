import { PortfolioId, Price, Timestamp, type CashMovement, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import { anyDeposit, anySnapshot } from './ledger-samples.js';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, readBothWays, sortedByTime, transact } from './expectations.js';
import { portfolioListCases } from './portfolio-list-cases.js';
import { portfoliosOfEveryShape } from './portfolio-samples.js';
import {
  afterNoon,
  anyExecution,
  anyOrder,
  anyPortfolio,
  anyPosition,
  closingFill,
  NOON,
  randomId,
  randomName,
  randomTicker,
} from './samples.js';

/** What every PortfolioRepository does. */
export function portfolioRepositoryContract(makeHarness: MakeHarness, name = 'PortfolioRepository'): void {
  describeContract(name, portfolioRepositoryCases(), makeHarness);
}

export function portfolioRepositoryCases(): ContractCase[] {
  return [...readingCases, ...changeCases, ...removalCases, ...portfolioListCases];
}

const readingCases: ContractCase[] = [
  {
    name: 'gives back every kind of portfolio exactly as it was saved, at version 1',
    async run(harness) {
      const portfolios = await transact(harness, (unit) =>
        portfoliosOfEveryShape().map((portfolio) => unit.portfolios.save(portfolio)),
      );
      await readBothWays(harness, async (reader) => {
        for (const portfolio of portfolios) {
          expect(await reader.portfolios.get(portfolio.id)).toEqual(portfolio);
          expect(await reader.portfolios.findByName(portfolio.name)).toEqual(portfolio);
        }
      });
      expect(portfolios.every(({ version }) => version === 1)).toBe(true);
    },
  },
  {
    name: 'says undefined or NotFoundError for a portfolio that is not there',
    async run(harness) {
      const id = PortfolioId.of(randomId());
      const missing = { entity: 'portfolio', id };
      await readBothWays(harness, async ({ portfolios }) => {
        expect(await portfolios.find(id)).toBeUndefined();
        expect(await portfolios.findByName(randomName('Nobody'))).toBeUndefined();
        await expectError(portfolios.get(id), 'NOT_FOUND', missing);
        await expectError(portfolios.getWithPositions(id), 'NOT_FOUND', missing);
      });
      expect(await transact(harness, (unit) => unit.portfolios.findForUpdate(id))).toBeUndefined();
      await expectError(
        transact(harness, (unit) => unit.portfolios.getForUpdate(id)),
        'NOT_FOUND',
        missing,
      );
    },
  },
  {
    name: 'says that the portfolio opened last is the current one',
    async run(harness) {
      const before = await harness.read.portfolios.findCurrent();
      const later = Timestamp.toDate(before && before.openedAt > NOON ? before.openedAt : NOON).getTime() + 1;
      const current = await stored(harness, anyPortfolio({ openedAt: Timestamp.of(new Date(later)) }));
      await stored(harness, anyPortfolio({ openedAt: NOON }));
      await readBothWays(harness, async ({ portfolios }) => {
        expect(await portfolios.findCurrent()).toEqual(current);
        expect((await portfolios.list({ limit: 1, newestFirst: true })).items).toEqual([current]);
      });
    },
  },
  {
    name: 'reads a portfolio together with its open positions and their marks',
    async run(harness) {
      const portfolio = await stored(harness, anyPortfolio());
      const symbol = randomTicker();
      const mark = { symbol, price: Price.of('12.5'), at: NOON };
      const positions = await transact(harness, (unit) => {
        unit.marks.put(mark);
        unit.positions.save(anyPosition(portfolio, { symbol }).apply(closingFill));
        const marked = unit.positions.save(anyPosition(portfolio, { symbol }, { at: afterNoon(1) }));
        // Of one time, so that the ids decide which is the first.
        const one = unit.positions.save(anyPosition(portfolio, { symbol: randomTicker() }));
        const other = unit.positions.save(anyPosition(portfolio, { symbol: randomTicker() }));
        return sortedByTime([marked, one, other], ({ openedAt }) => openedAt);
      });
      const expected = positions.map((position) => ({
        position,
        mark: position.symbol === symbol ? mark : undefined,
      }));
      await readBothWays(harness, async ({ portfolios }) => {
        expect(await portfolios.getWithPositions(portfolio.id)).toEqual({ portfolio, positions: expected });
      });
    },
  },
  {
    name: 'reads a portfolio without positions as having none',
    async run(harness) {
      const portfolio = await stored(harness, anyPortfolio());
      expect(await harness.read.portfolios.getWithPositions(portfolio.id)).toEqual({ portfolio, positions: [] });
    },
  },
];

const changeCases: ContractCase[] = [
  {
    name: 'refuses a second portfolio under an id or a name',
    async run(harness) {
      const { id, name } = await stored(harness, anyPortfolio());
      await expectError(stored(harness, anyPortfolio({ id })), 'DUPLICATE', {
        entity: 'portfolio',
        id,
        key: 'portfolio id',
      });
      const second = anyPortfolio({ name });
      const fields = { entity: 'portfolio', id: second.id, key: 'portfolio name', repeatable: false };
      await expectError(stored(harness, second), 'DUPLICATE', fields);
    },
  },
  {
    name: 'stores each change under the next version',
    async run(harness) {
      const portfolio = await stored(harness, anyPortfolio());
      const limited = await transact(harness, async (unit) => {
        const locked = await unit.portfolios.getForUpdate(portfolio.id);
        expect(locked).toEqual(portfolio);
        return unit.portfolios.save(locked.withLimits({ maxOpenPositions: 3 }));
      });
      expect(limited.version).toBe(2);
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(limited);
    },
  },
  {
    name: 'refuses a change of a portfolio that was changed since, naming it',
    async run(harness) {
      const portfolio = await stored(harness, anyPortfolio());
      const limited = await stored(harness, portfolio.withLimits({ maxOpenPositions: 3 }));
      const stale = stored(harness, portfolio.withLimits({ maxOpenPositions: 4 }));
      await expectError(stale, 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(limited);
    },
  },
];

const history: Readonly<Record<string, (unit: UnitOfWork, portfolio: Portfolio) => void>> = {
  'an order': (unit, portfolio) => {
    unit.orders.save(anyOrder(portfolio));
  },
  'a position': (unit, portfolio) => {
    unit.positions.save(anyPosition(portfolio).apply(closingFill));
  },
  'an execution': (unit, portfolio) => {
    const order = anyOrder(portfolio);
    unit.orders.save(order);
    unit.executions.add(anyExecution(order));
  },
  'a cash movement': (unit, portfolio) => {
    const movement: CashMovement = anyDeposit(portfolio);
    unit.cashMovements.add(movement);
  },
  'a snapshot': (unit, portfolio) => {
    unit.snapshots.add(anySnapshot(portfolio));
  },
};

const removalCases: ContractCase[] = [
  {
    name: 'removes a portfolio without history, and frees its name',
    async run(harness) {
      const portfolio = await stored(harness, anyPortfolio());
      await expectError(remove(harness, portfolio.atVersion(5)), 'CONCURRENCY', {
        entity: 'portfolio',
        id: portfolio.id,
      });
      await remove(harness, portfolio);
      expect(await harness.read.portfolios.find(portfolio.id)).toBeUndefined();
      await expectError(remove(harness, portfolio), 'CONCURRENCY', { entity: 'portfolio', id: portfolio.id });
      const { version } = await stored(harness, anyPortfolio({ name: portfolio.name }));
      expect(version).toBe(1);
    },
  },
  ...Object.entries(history).map(([what, add]) => ({
    name: `refuses to remove a portfolio that has ${what}`,
    async run(harness: BookHarness) {
      const portfolio = await stored(harness, anyPortfolio());
      await transact(harness, (unit) => {
        add(unit, portfolio);
      });
      await expectError(remove(harness, portfolio), 'INTEGRITY');
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(portfolio);
    },
  })),
];

function stored(harness: BookHarness, portfolio: Portfolio): Promise<Portfolio> {
  return transact(harness, (unit) => unit.portfolios.save(portfolio));
}

function remove(harness: BookHarness, portfolio: Portfolio): Promise<void> {
  return transact(harness, (unit) => {
    unit.portfolios.remove(portfolio);
  });
}
