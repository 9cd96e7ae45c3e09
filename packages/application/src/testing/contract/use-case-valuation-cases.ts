import { PortfolioId, Price, SnapshotId, snapshotEquity } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { afterNoon, NOON, randomId, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

export const valuationCases: ContractCase[] = [
  {
    name: 'marks to market without a conflict with a fill under way',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', 10, 100);
      await using filling = harness.factory.begin();
      const locked = await filling.positions.findOpenForUpdate(desk.portfolioId, desk.symbol);
      const mark = { symbol: desk.symbol, price: Price.of(120), at: afterNoon(1) };
      await desk.blotter.markToMarket([mark]);
      if (locked) filling.positions.save(locked.withStops({ stopLoss: Price.of(90), takeProfit: undefined }));
      await filling.commit();
      expect(await harness.read.positions.findOpen(desk.portfolioId, desk.symbol)).toMatchObject({
        mark,
        position: { stopLoss: Price.of(90) },
      });
    },
  },
  {
    name: 'takes a snapshot at the marks, and at cost where there is none',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', 10, 100);
      const take = (micros: number) =>
        desk.blotter.takeSnapshot({
          id: SnapshotId.of(randomId()),
          portfolioId: desk.portfolioId,
          takenAt: afterNoon(micros),
        });
      const atCost = await take(1);
      expect(atCost).toMatchObject({ marketValue: usd(1_000), openPositions: 1, unmarkedPositions: 1, sequence: 2 });
      expect(atCost.marks).toEqual({});
      await desk.blotter.markToMarket([{ symbol: desk.symbol, price: Price.of('120.5'), at: NOON }]);
      const marked = await take(2);
      expect(marked).toMatchObject({ marketValue: usd(1_205), unmarkedPositions: 0, costBasis: usd(1_000) });
      expect(marked.marks).toEqual({ [desk.symbol]: Price.of('120.5') });
      expect(snapshotEquity(marked)).toEqual(usd(10_204));
      expect(await harness.read.snapshots.findLatest(desk.portfolioId)).toEqual(marked);
    },
  },
  {
    name: 'takes a snapshot once, however often the command comes, and refuses a second one of the moment',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const command = { id: SnapshotId.of(randomId()), portfolioId: desk.portfolioId, takenAt: NOON };
      const taken = await Promise.all(Array.from({ length: 4 }, () => desk.blotter.takeSnapshot(command)));
      await desk.blotter.deposit(desk.movement(1));
      expect(await desk.blotter.takeSnapshot(command)).toEqual(taken[0]);
      const moved = desk.blotter.takeSnapshot({ ...command, takenAt: afterNoon(1) });
      await expectError(moved, 'COMMAND_CONFLICT', { entity: 'snapshot', id: command.id });
      const second = desk.blotter.takeSnapshot({ ...command, id: SnapshotId.of(randomId()) });
      await expectError(second, 'DUPLICATE', { entity: 'snapshot', key: 'snapshot moment' });
      const nowhere = desk.blotter.takeSnapshot({ ...command, portfolioId: PortfolioId.of(randomId()) });
      await expectError(nowhere, 'NOT_FOUND', { entity: 'portfolio' });
    },
  },
];
