import { PortfolioId, PositionId, Price, Quantity, Ticker, type Portfolio, type Position } from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, readBothWays, transact } from './expectations.js';
import { positionListCases } from './position-list-cases.js';
import { positionsOfEveryShape } from './position-samples.js';
import { afterNoon, anyPortfolio, anyPosition, closingFill, NOON, randomId, randomTicker, usd } from './samples.js';

/** What every PositionRepository does. */
export function positionRepositoryContract(makeHarness: MakeHarness, name = 'PositionRepository'): void {
  describeContract(name, positionRepositoryCases(), makeHarness);
}

export function positionRepositoryCases(): ContractCase[] {
  return [...roundTripCases, ...keyCases, ...changeCases, ...positionListCases];
}

const roundTripCases: ContractCase[] = [
  {
    name: 'gives back every kind of position exactly as it was saved, at version 1',
    async run(harness) {
      const portfolio = anyPortfolio();
      const positions = await transact(harness, (unit) => {
        unit.portfolios.save(portfolio);
        return positionsOfEveryShape(portfolio).map((position) => unit.positions.save(position));
      });
      await readBothWays(harness, async (reader) => {
        for (const position of positions) expect(await reader.positions.get(position.id)).toEqual(position);
      });
      expect(positions.every(({ version }) => version === 1)).toBe(true);
    },
  },
  {
    name: 'says undefined or NotFoundError for a position that is not there',
    async run(harness) {
      const [id, portfolioId, symbol] = [PositionId.of(randomId()), PortfolioId.of(randomId()), randomTicker()];
      await readBothWays(harness, async ({ positions }) => {
        expect(await positions.find(id)).toBeUndefined();
        expect(await positions.findOpen(portfolioId, symbol)).toBeUndefined();
        await expectError(positions.get(id), 'NOT_FOUND', { entity: 'position', id });
      });
      await transact(harness, async (unit) => {
        expect(await unit.positions.findOpenForUpdate(portfolioId, symbol)).toBeUndefined();
      });
    },
  },
  {
    name: 'finds the one open position in a symbol with the symbol’s mark, and none that is closed',
    async run(harness) {
      const symbol = randomTicker();
      const { portfolio } = await opened(harness, symbol, { closed: true });
      await readBothWays(harness, async ({ positions }) => {
        expect(await positions.findOpen(portfolio.id, symbol)).toBeUndefined();
      });
      const open = await transact(harness, (unit) => unit.positions.save(anyPosition(portfolio, { symbol })));
      await readBothWays(harness, async ({ positions }) => {
        expect(await positions.findOpen(portfolio.id, symbol)).toEqual({ position: open, mark: undefined });
      });
      const mark = { symbol, price: Price.of('101.5'), at: afterNoon(1) };
      await transact(harness, (unit) => {
        unit.marks.put(mark);
      });
      await readBothWays(harness, async ({ positions }) => {
        expect(await positions.findOpen(portfolio.id, symbol)).toEqual({ position: open, mark });
      });
      await transact(harness, async (unit) => {
        expect(await unit.positions.findOpenForUpdate(portfolio.id, symbol)).toEqual(open);
      });
    },
  },
];

const keyCases: ContractCase[] = [
  {
    name: 'refuses a second open position in a symbol; the work may be repeated, since it will then find the first',
    async run(harness) {
      const { portfolio, position } = await opened(harness);
      const second = anyPosition(portfolio, { symbol: position.symbol });
      const saving = transact(harness, (unit) => unit.positions.save(second));
      const fields = { entity: 'position', id: second.id, key: 'open position', repeatable: true };
      await expectError(saving, 'DUPLICATE', fields);
    },
  },
  {
    name: 'refuses a second position under an id',
    async run(harness) {
      const { portfolio, position } = await opened(harness);
      const second = anyPosition(portfolio, { id: position.id, symbol: Ticker.of('OTHER') });
      const saving = transact(harness, (unit) => unit.positions.save(second));
      await expectError(saving, 'DUPLICATE', { entity: 'position', id: second.id, key: 'position id' });
    },
  },
  {
    name: 'keeps closed positions of a symbol side by side, and open ones of the symbol in other portfolios',
    async run(harness) {
      const symbol = randomTicker();
      const { portfolio, position } = await opened(harness, symbol, { closed: true });
      const again = await transact(harness, (unit) =>
        unit.positions.save(anyPosition(portfolio, { symbol }, { at: afterNoon(5) }).apply(closingFill)),
      );
      await opened(harness, symbol);
      const { items } = await harness.read.positions.listBySymbol(portfolio.id, symbol);
      expect(items).toEqual([position, again]);
    },
  },
  {
    name: 'refuses a position of a portfolio that is not there',
    async run(harness) {
      const saving = transact(harness, (unit) => unit.positions.save(anyPosition(anyPortfolio())));
      await expectError(saving, 'INTEGRITY');
    },
  },
];

const changeCases: ContractCase[] = [
  {
    name: 'stores each change under the next version, stops and closing included',
    async run(harness) {
      const { portfolio, position } = await opened(harness);
      const stops = { stopLoss: Price.of('95.5'), takeProfit: Price.of('120') };
      const guarded = await transact(harness, async (unit) => {
        const locked = await unit.positions.findOpenForUpdate(portfolio.id, position.symbol);
        return unit.positions.save((locked ?? position).withStops(stops));
      });
      expect(await harness.read.positions.get(position.id)).toEqual(guarded);
      const closed = await transact(harness, (unit) =>
        unit.positions.save(guarded.apply({ ...closingFill, at: afterNoon(9) })),
      );
      expect(closed).toMatchObject({ version: 3, closedAt: afterNoon(9) });
      expect(await harness.read.positions.get(position.id)).toEqual(closed);
    },
  },
  {
    name: 'refuses a change of a position that was changed since, naming it',
    async run(harness) {
      const { position } = await opened(harness);
      const half = {
        quantity: Quantity.of(-5),
        notional: usd(-500),
        commission: usd(0),
        price: Price.of(100),
        at: NOON,
      };
      const reduced = await transact(harness, (unit) => unit.positions.save(position.apply(half)));
      const stale = transact(harness, (unit) => unit.positions.save(position.apply(closingFill)));
      await expectError(stale, 'CONCURRENCY', { entity: 'position', id: position.id });
      expect(await harness.read.positions.get(position.id)).toEqual(reduced);
    },
  },
  {
    name: 'removes a position, and refuses to change or remove it again, or under a stale version',
    async run(harness) {
      const { position } = await opened(harness);
      const error = { entity: 'position', id: position.id };
      const remove = (stored: Position) =>
        transact(harness, (unit) => {
          unit.positions.remove(stored);
        });
      await expectError(remove(position.atVersion(9)), 'CONCURRENCY', error);
      await remove(position);
      expect(await harness.read.positions.find(position.id)).toBeUndefined();
      await expectError(remove(position), 'CONCURRENCY', error);
      const changing = transact(harness, (unit) => unit.positions.save(position.apply(closingFill)));
      await expectError(changing, 'CONCURRENCY', error);
    },
  },
];

/** A portfolio with one position. */
function opened(
  harness: BookHarness,
  symbol = randomTicker(),
  { closed = false } = {},
): Promise<{ portfolio: Portfolio; position: Position }> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    const position = anyPosition(portfolio, { symbol });
    return { portfolio, position: unit.positions.save(closed ? position.apply(closingFill) : position) };
  });
}
