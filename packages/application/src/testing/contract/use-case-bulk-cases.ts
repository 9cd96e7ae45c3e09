import { ExecutionId, OrderId, PortfolioId, Price, Quantity, type ExecutionReport } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { expectExactBook } from './recomputed-book.js';
import { randomId, randomTicker, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

export const bulkCases: ContractCase[] = [
  {
    name: 'records many fills of several portfolios at once: through zero and back, each with what became of it',
    async run(harness) {
      const desks = [await TradingDesk.open(harness), await TradingDesk.open(harness)];
      const reports: ExecutionReport[] = [];
      for (const desk of desks) {
        const [buy, sell] = [await desk.place(), await desk.place({ side: 'SELL', quantity: Quantity.of(30) })];
        reports.push(
          desk.report(buy, { quantity: Quantity.of(4) }),
          desk.report(sell, { quantity: Quantity.of('4.5'), price: Price.of(110) }),
          desk.report(buy, { quantity: Quantity.of('0.5') }),
          desk.report(sell, { quantity: Quantity.of(1) }),
        );
      }
      const [desk] = desks;
      if (!desk) throw new Error('There is no desk.');
      const recorded = await desk.blotter.recordExecutions(reports);
      expect(recorded.map(({ execution }) => execution.id)).toEqual(reports.map(({ id }) => id));
      expect(recorded.map(({ execution }) => execution.sequence)).toEqual([2, 3, 4, 5, 2, 3, 4, 5]);
      for (const { portfolioId } of desks) {
        // Long, then short, then short again: two of the positions were opened and closed within the batch.
        expect((await harness.read.positions.listClosed(portfolioId)).items).toHaveLength(2);
        await expectExactBook(harness.read, portfolioId);
      }
      const last = recorded[3];
      expect(last).toMatchObject({ portfolio: await desk.portfolio(), change: { open: await desk.position() } });
    },
  },
  {
    name: 'stores a position that was opened and closed at once beside one that was enlarged',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', 1, 100);
      const symbol = randomTicker();
      const [more, buy, sell] = [
        await desk.place(),
        await desk.place({ symbol }),
        await desk.place({ symbol, side: 'SELL' }),
      ];
      await desk.blotter.recordExecutions([more, buy, sell].map((order) => desk.report(order)));
      expect(await desk.position()).toMatchObject({ quantity: Quantity.of(11) });
      expect((await harness.read.positions.listClosed(desk.portfolioId)).items).toMatchObject([{ symbol, version: 2 }]);
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'turns a position round beside one that was opened and closed at once, whichever id comes first',
    async run(harness) {
      for (const [first, second] of [
        ['0', 'f'],
        ['f', '0'],
      ] as const) {
        const desk = await TradingDesk.open(harness);
        const symbol = randomTicker();
        const opening = desk.report(await desk.place(), { id: idFrom(second) });
        await desk.blotter.recordExecution(opening);
        const [turn, buy, sell] = [
          await desk.place({ side: 'SELL', quantity: Quantity.of(15) }),
          await desk.place({ symbol }),
          await desk.place({ symbol, side: 'SELL' }),
        ];
        await desk.blotter.recordExecutions([
          desk.report(buy, { id: idFrom(first) }),
          desk.report(sell),
          desk.report(turn),
        ]);
        expect(await desk.position()).toMatchObject({ quantity: Quantity.of(-5) });
        expect((await harness.read.positions.listClosed(desk.portfolioId)).items).toHaveLength(2);
        await expectExactBook(harness.read, desk.portfolioId);
      }
    },
  },
  {
    name: 'recognises a repetition within the reports as well as one of the book',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const [first, second] = [1, 2].map((quantity) => desk.report(order, { quantity: Quantity.of(quantity) }));
      if (!first || !second) throw new Error('There are two reports.');
      const again = (report: ExecutionReport) => ({ ...report, id: ExecutionId.of(randomId()) });
      await desk.blotter.recordExecution(first);
      const recorded = await desk.blotter.recordExecutions([again(first), second, again(second), again(second)]);
      expect(recorded.map(({ alreadyRecorded }) => alreadyRecorded)).toEqual([true, false, true, true]);
      expect(recorded.map(({ execution }) => execution.id)).toEqual([first.id, second.id, second.id, second.id]);
      expect(await desk.blotter.recordExecutions([])).toEqual([]);
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'records none of the fills when one is refused, with the first error',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const before = await desk.portfolio();
      const good = desk.report(order, { quantity: Quantity.of(1) });
      const refused = async (bad: readonly ExecutionReport[], code: string, fields = {}) => {
        await expectError(desk.blotter.recordExecutions([good, ...bad]), code, fields);
        expect(await desk.portfolio()).toEqual(before);
        expect(await harness.read.orders.get(order.id)).toEqual(order);
        expect((await harness.read.executions.list(desk.portfolioId)).items).toEqual([]);
      };
      const [lost, wrong] = [
        desk.report(order, { orderId: OrderId.of(randomId()) }),
        desk.report(order, { side: 'SELL' }),
      ];
      await refused([lost, wrong], 'NOT_FOUND', { entity: 'order', id: lost.orderId });
      await refused([wrong, lost], 'INVALID_EXECUTION', { entity: 'execution', id: wrong.id });
      await refused([desk.report(order, { portfolioId: PortfolioId.of(randomId()) })], 'NOT_FOUND');
      await refused([{ ...good, price: Price.of(101) }], 'EXECUTION_CONFLICT', { entity: 'execution', id: good.id });
      await refused([desk.report(order, { quantity: Quantity.zero })], 'MUST_BE_POSITIVE');
      await refused([desk.report(order, { id: good.id })], 'DUPLICATE', { entity: 'execution', id: good.id });
    },
  },
  {
    name: 'counts each fill once when batches of the same reports come at the same time as single ones',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place({ quantity: Quantity.of(20) });
      const reports = Array.from({ length: 10 }, () => desk.report(order, { quantity: Quantity.of(1) }));
      const again = () => reports.map((report) => ({ ...report, id: ExecutionId.of(randomId()) }));
      const recorded = await Promise.all([
        desk.blotter.recordExecutions(again()),
        ...again().map((report) => desk.blotter.recordExecution(report)),
        desk.blotter.recordExecutions(again().reverse()),
      ]);
      expect(recorded.flat().filter(({ alreadyRecorded }) => !alreadyRecorded)).toHaveLength(10);
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'judges limits after each fill by what those before it have made, as one by one',
    async run(harness) {
      const limits = { maxPositionValue: usd(2_500), maxOpenPositions: 1 };
      const answers = await Promise.all(
        [true, false].map(async (atOnce) => {
          const desk = await TradingDesk.open(harness, limits);
          const order = await desk.place({
            quantity: Quantity.of(20),
            stopLoss: undefined,
            terms: { type: 'LIMIT', limitPrice: Price.of(100) },
          });
          const reports = [5, 15, 10, 40].map((quantity) => desk.report(order, { quantity: Quantity.of(quantity) }));
          if (atOnce) return desk.blotter.recordExecutions(reports);
          const recorded = [];
          for (const report of reports) recorded.push(await desk.blotter.recordExecution(report));
          return recorded;
        }),
      );
      const [together, singly] = answers.map((recorded) =>
        recorded.map((each) =>
          each.alreadyRecorded
            ? []
            : each.breaches.map(({ limit, actual, allowed }) => [limit, String(actual), String(allowed)]),
        ),
      );
      expect(together).toEqual(singly);
      expect(together?.map((breaches) => breaches.length)).toEqual([0, 0, 1, 1]);
    },
  },
  {
    name: 'finds and locks many rows at once, in the order of their ids, without what is not there',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const orders = [await desk.place(), await desk.place(), await desk.place()];
      const [first] = orders;
      if (!first) throw new Error('There is no order.');
      const report = desk.report(first);
      const { execution } = await desk.blotter.recordExecution(report);
      const ids = orders.map(({ id }) => id);
      await transact(harness, async (unit) => {
        const { portfolioId, symbol } = desk;
        const found = await unit.orders.findAllForUpdate([...ids, ...ids, OrderId.of(randomId())]);
        expect(found.map(({ id }) => id)).toEqual([...ids].sort());
        expect(await unit.portfolios.findAllForUpdate([PortfolioId.of(randomId()), portfolioId])).toEqual([
          await desk.portfolio(),
        ]);
        const key = { portfolioId, symbol };
        expect(
          await unit.positions.findAllOpenForUpdate([key, key, { ...key, portfolioId: PortfolioId.of(randomId()) }]),
        ).toEqual([await desk.position()]);
        expect(await unit.executions.findAllByKey([report, { ...report, side: 'SELL' }])).toEqual([execution]);
        expect(await unit.orders.findAllForUpdate([])).toEqual([]);
      });
    },
  },
];

/** A position's id is that of the execution that opens it. */
function idFrom(digit: string): ExecutionId {
  return ExecutionId.of(digit + randomId().slice(1));
}
