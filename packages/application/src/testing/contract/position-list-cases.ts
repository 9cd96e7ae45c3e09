import { Price, StrategyName, type MarkedPosition, type Portfolio, type Position } from '@blotter/domain';
import { expect } from 'vitest';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectList, readBothWays, sortedByTime, transact } from './expectations.js';
import { afterNoon, anyPortfolio, anyPosition, closingFill, NOON, randomTicker } from './samples.js';

const TIMES = [afterNoon(0), afterNoon(0), afterNoon(1), afterNoon(1), afterNoon(2), afterNoon(1_000)];

export const positionListCases: ContractCase[] = [
  {
    name: 'lists the open positions of a portfolio, each with the mark of its symbol, by time of opening, then by id',
    async run(harness) {
      const { portfolio, open } = await filledBook(harness);
      const marks = open.slice(1, 3).map(({ symbol }) => ({ symbol, price: Price.of('99.75'), at: NOON }));
      await transact(harness, (unit) => {
        for (const mark of marks) unit.marks.put(mark);
      });
      const expected: MarkedPosition[] = open.map((position) => ({
        position,
        mark: marks.find(({ symbol }) => symbol === position.symbol),
      }));
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.positions.listOpen(portfolio.id, page), expected),
      );
    },
  },
  {
    name: 'lists the closed positions of a portfolio',
    async run(harness) {
      const { portfolio, closed } = await filledBook(harness);
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.positions.listClosed(portfolio.id, page), closed),
      );
    },
  },
  {
    name: 'lists all positions of a portfolio in one symbol',
    async run(harness) {
      const symbol = randomTicker();
      const { portfolio } = await filledBook(harness);
      const positions = await transact(harness, (unit) =>
        TIMES.map((at, index) => {
          const position = anyPosition(portfolio, { symbol }, { at });
          return unit.positions.save(index === 0 ? position : position.apply(closingFill));
        }),
      );
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.positions.listBySymbol(portfolio.id, symbol, page), sorted(positions)),
      );
    },
  },
  {
    name: 'lists the open and closed positions of a portfolio of one strategy',
    async run(harness) {
      const strategy = StrategyName.of('trend');
      const { portfolio, open, closed } = await filledBook(harness, strategy);
      await transact(harness, (unit) =>
        unit.positions.save(anyPosition(portfolio, { symbol: randomTicker(), strategy: StrategyName.of('carry') })),
      );
      await readBothWays(harness, (reader) =>
        expectList(
          (page) => reader.positions.listByStrategy(portfolio.id, strategy, page),
          sorted([...open, ...closed]),
        ),
      );
    },
  },
  {
    name: 'lists the positions opened between two moments, both of them included, to the microsecond',
    async run(harness) {
      const { portfolio, open, closed } = await filledBook(harness);
      const [from, to] = [afterNoon(1), afterNoon(2)];
      const expected = sorted([...open, ...closed]).filter(({ openedAt }) => openedAt >= from && openedAt <= to);
      expect(expected).toHaveLength(6);
      await readBothWays(harness, async (reader) => {
        await expectList((page) => reader.positions.listOpenedBetween(portfolio.id, from, to, page), expected);
        await expectList((page) => reader.positions.listOpenedBetween(portfolio.id, to, from, page), []);
      });
    },
  },
];

/** Open and closed positions of a new portfolio, as lists have them; and the same of another one, which must not show. */
async function filledBook(
  harness: BookHarness,
  strategy?: StrategyName,
): Promise<{ portfolio: Portfolio; open: Position[]; closed: Position[] }> {
  const [portfolio, other] = [anyPortfolio(), anyPortfolio()];
  return transact(harness, (unit) => {
    const store = (owner: Portfolio) => {
      const make = () => TIMES.map((at) => anyPosition(owner, { symbol: randomTicker(), strategy }, { at }));
      return {
        open: sorted(make().map((position) => unit.positions.save(position))),
        closed: sorted(make().map((position) => unit.positions.save(position.apply(closingFill)))),
      };
    };
    unit.portfolios.save(portfolio);
    unit.portfolios.save(other);
    store(other);
    return { portfolio, ...store(portfolio) };
  });
}

function sorted(positions: readonly Position[]): Position[] {
  return sortedByTime(positions, ({ openedAt }) => openedAt);
}
