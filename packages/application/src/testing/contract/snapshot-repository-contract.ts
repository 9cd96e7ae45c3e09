import { Price, SnapshotId, Ticker, type Portfolio, type PortfolioSnapshot } from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, expectList, readBothWays, transact } from './expectations.js';
import { anySnapshot } from './ledger-samples.js';
import { afterNoon, anyPortfolio, LONGEST, randomId, SMALLEST, usd } from './samples.js';

/** What every SnapshotRepository does. */
export function snapshotRepositoryContract(makeHarness: MakeHarness, name = 'SnapshotRepository'): void {
  describeContract(name, snapshotRepositoryCases(), makeHarness);
}

export function snapshotRepositoryCases(): ContractCase[] {
  return [
    {
      name: 'gives back a snapshot exactly as it was added',
      async run(harness) {
        const portfolio = await opened(harness);
        const snapshots = [
          anySnapshot(portfolio),
          // Every figure at its bounds, and the accounting identity kept: cash = deposits − withdrawals + P&L − commissions − cost.
          anySnapshot(portfolio, {
            takenAt: afterNoon(123_456),
            sequence: Number.MAX_SAFE_INTEGER,
            cash: usd(`-${LONGEST}`),
            deposits: usd(LONGEST),
            withdrawals: usd(LONGEST),
            realisedPnl: usd(SMALLEST),
            commissions: usd(SMALLEST),
            costBasis: usd(LONGEST),
            marketValue: usd(`-${LONGEST}`),
            openPositions: 12,
            unmarkedPositions: 3,
            marks: { [Ticker.of('BRK.B')]: Price.of(LONGEST), [Ticker.of('EUR/USD')]: Price.of(SMALLEST) },
          }),
          // As one that was stored before marks were kept.
          anySnapshot(portfolio, { takenAt: afterNoon(1), marks: undefined }),
        ];
        await add(harness, ...snapshots);
        await readBothWays(harness, async (reader) => {
          for (const snapshot of snapshots) expect(await reader.snapshots.find(snapshot.id)).toEqual(snapshot);
          expect(await reader.snapshots.find(SnapshotId.of(randomId()))).toBeUndefined();
        });
      },
    },
    {
      name: 'finds the latest snapshot of a portfolio by its moment, not by its arrival',
      async run(harness) {
        const [portfolio, empty] = [await opened(harness), await opened(harness)];
        const latest = anySnapshot(portfolio, { takenAt: afterNoon(2) });
        await add(harness, latest);
        await add(harness, anySnapshot(portfolio, { takenAt: afterNoon(1) }));
        await readBothWays(harness, async ({ snapshots }) => {
          expect(await snapshots.findLatest(portfolio.id)).toEqual(latest);
          expect(await snapshots.findLatest(empty.id)).toBeUndefined();
        });
      },
    },
    {
      name: 'refuses a second snapshot under an id or of a moment, and one of a portfolio that is not there',
      async run(harness) {
        const portfolio = await opened(harness);
        const { id } = anySnapshot(portfolio);
        await add(harness, anySnapshot(portfolio, { id }));
        const sameId = add(harness, anySnapshot(portfolio, { id, takenAt: afterNoon(1) }));
        await expectError(sameId, 'DUPLICATE', { entity: 'snapshot', id, key: 'snapshot id' });
        const sameMoment = anySnapshot(portfolio);
        const fields = { entity: 'snapshot', id: sameMoment.id, key: 'snapshot moment', repeatable: false };
        await expectError(add(harness, sameMoment), 'DUPLICATE', fields);
        await expectError(add(harness, anySnapshot(anyPortfolio())), 'INTEGRITY');
      },
    },
    {
      name: 'lists the snapshots of a portfolio between two moments, both of them included, by time',
      async run(harness) {
        const [portfolio, other] = [await opened(harness), await opened(harness)];
        const all = [0, 1, 2, 3, 1_000].map((micros) => anySnapshot(portfolio, { takenAt: afterNoon(micros) }));
        await add(harness, ...[...all].reverse(), anySnapshot(other, { takenAt: afterNoon(2) }));
        await readBothWays(harness, async ({ snapshots }) => {
          const between = (from: number, to: number, expected: readonly PortfolioSnapshot[]) =>
            expectList((page) => snapshots.listBetween(portfolio.id, afterNoon(from), afterNoon(to), page), expected);
          await between(0, 999_999, all);
          await between(1, 3, all.slice(1, 4));
          await between(3, 1, []);
        });
      },
    },
  ];
}

function opened(harness: BookHarness): Promise<Portfolio> {
  return transact(harness, (unit) => unit.portfolios.save(anyPortfolio()));
}

function add(harness: BookHarness, ...snapshots: PortfolioSnapshot[]): Promise<void> {
  return transact(harness, (unit) => {
    for (const snapshot of snapshots) unit.snapshots.add(snapshot);
  });
}
