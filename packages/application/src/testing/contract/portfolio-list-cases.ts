import { StrategyName } from '@blotter/domain';
import { expect } from 'vitest';
import { everyItem } from '../../paging/every-item.js';
import type { Cursor } from '../../paging/page.js';
import type { ContractCase } from './contract-case.js';
import { expectError, expectList, readBothWays, sortedByTime, transact } from './expectations.js';
import { afterNoon, anyPortfolio, randomName } from './samples.js';

const TIMES = [afterNoon(0), afterNoon(0), afterNoon(1), afterNoon(1), afterNoon(2), afterNoon(1_000)];

export const portfolioListCases: ContractCase[] = [
  {
    name: 'lists the portfolios of a strategy by time of opening, then by id',
    async run(harness) {
      const strategy = StrategyName.of(randomName('S'));
      const portfolios = await transact(harness, (unit) => {
        unit.portfolios.save(anyPortfolio());
        return TIMES.map((openedAt) => unit.portfolios.save(anyPortfolio({ strategy, openedAt })));
      });
      const expected = sortedByTime(portfolios, ({ openedAt }) => openedAt);
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.portfolios.listByStrategy(strategy, page), expected),
      );
    },
  },
  {
    name: 'lists all portfolios, in both directions',
    async run(harness) {
      const portfolios = await transact(harness, (unit) =>
        TIMES.map((openedAt) => unit.portfolios.save(anyPortfolio({ openedAt }))),
      );
      const expected = sortedByTime(portfolios, ({ openedAt }) => openedAt);
      const ids = new Set(portfolios.map(({ id }) => id));
      await readBothWays(harness, async (reader) => {
        for (const newestFirst of [false, true]) {
          const ours = [];
          for await (const portfolio of everyItem((page) => reader.portfolios.list(page), { newestFirst, limit: 20 })) {
            if (ids.has(portfolio.id)) ours.push(portfolio);
          }
          expect(ours).toEqual(newestFirst ? [...expected].reverse() : expected);
        }
        await expectError(reader.portfolios.list({ limit: 1_001 }), 'INVALID_PAGE');
        await expectError(reader.portfolios.list({ after: 'rubbish~rubbish' as Cursor }), 'INVALID_PAGE');
      });
    },
  },
];
