import {
  BrokerExecutionId,
  BrokerOrderId,
  ExecutionId,
  Money,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  type ExecutionReport,
} from '@blotter/domain';
import { expect } from 'vitest';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { expectExactBook } from './recomputed-book.js';
import { afterNoon, NOON, randomId, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

export const executionCases: ContractCase[] = [
  {
    name: 'books a fill on order, position, cash and ledger, and returns all of them as they are stored',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const recorded = await desk.blotter.recordExecution(desk.report(order, { quantity: Quantity.of(4) }));
      if (recorded.alreadyRecorded) throw new Error('The first report of a fill was taken for a repetition.');
      const { execution, portfolio, change } = recorded;
      expect(execution).toMatchObject({ sequence: 2, recordedAt: afterNoon(5) });
      expect(recorded.order).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: Quantity.of(4), version: 2 });
      expect(portfolio).toMatchObject({ cash: usd(9_599), commissions: usd(1), lastSequence: 2 });
      expect(await harness.read.executions.find(execution.id)).toEqual(execution);
      expect(await harness.read.orders.get(order.id)).toEqual(recorded.order);
      expect(await desk.position()).toEqual(change.open);
      expect(await desk.portfolio()).toEqual(portfolio);
    },
  },
  {
    name: 'counts a fill once, however often the broker sends it',
    async run(harness) {
      const { desk, report } = await filled(harness);
      const before = await desk.portfolio();
      const again = await desk.blotter.recordExecution({ ...report, id: ExecutionId.of(randomId()) });
      expect(again).toMatchObject({ alreadyRecorded: true, execution: { id: report.id } });
      expect(await desk.portfolio()).toEqual(before);
    },
  },
  {
    name: 'counts a fill once when its reports come at the same time',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const report = desk.report(await desk.place());
      const recorded = await Promise.all(
        Array.from({ length: 6 }, () => desk.blotter.recordExecution({ ...report, id: ExecutionId.of(randomId()) })),
      );
      expect(recorded.filter(({ alreadyRecorded }) => !alreadyRecorded)).toHaveLength(1);
      expect(new Set(recorded.map(({ execution }) => execution.id)).size).toBe(1);
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'refuses a fill that was recorded before with other content; the first one stands',
    async run(harness) {
      const { desk, report } = await filled(harness);
      for (const changes of [
        { quantity: Quantity.of(9) },
        { price: Price.of('100.01') },
        { commission: usd(2) },
        { executedAt: afterNoon(9) },
      ]) {
        const conflicting = desk.blotter.recordExecution({ ...report, ...changes });
        await expectError(conflicting, 'EXECUTION_CONFLICT', { entity: 'execution', id: report.id });
      }
      expect((await harness.read.executions.list(desk.portfolioId)).items).toHaveLength(1);
    },
  },
  {
    name: 'closes a position that goes flat, and counts the trade',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', 10, 100);
      const sold = await desk.trade('SELL', 10, '110.5');
      expect(sold).toMatchObject({ change: { open: undefined, realisedPnl: usd(105) } });
      expect(await desk.position()).toBeUndefined();
      expect((await harness.read.positions.listClosed(desk.portfolioId)).items).toMatchObject([
        { realisedPnl: usd(105) },
      ]);
      expect(await desk.portfolio()).toMatchObject({
        tradeCount: 1,
        winCount: 1,
        cash: usd(10_103),
        realisedPnl: usd(105),
      });
    },
  },
  {
    name: 'crosses zero by closing one position and opening the next, losing nothing to rounding',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', '0.3', '3.333333333333333333');
      await desk.trade('SELL', 1, '7.777777777777777777');
      expect(await desk.position()).toMatchObject({ quantity: Quantity.of('-0.7') });
      expect((await harness.read.positions.listClosed(desk.portfolioId)).items).toHaveLength(1);
      await desk.trade('BUY', '0.1', '5.555555555555555555');
      await desk.trade('BUY', 2, '0.000000000000000001');
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'records a fill that comes after the cancel, and one beyond the quantity of the order',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const { id: orderId } = await desk.place();
      const cancelled = await desk.blotter.cancelOrder({ orderId, at: NOON });
      const late = await desk.blotter.recordExecution(desk.report(cancelled, { quantity: Quantity.of(4) }));
      expect(late).toMatchObject({ order: { status: 'CANCELLED', filledQuantity: Quantity.of(4) } });
      const beyond = await desk.blotter.recordExecution(desk.report(cancelled));
      expect(beyond).toMatchObject({
        order: { status: 'FILLED', filledQuantity: Quantity.of(14), closedAt: undefined },
      });
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'records a fill that overtakes the acknowledgement, which is then taken as well',
    async run(harness) {
      const { desk, report } = await filled(harness);
      const command = { orderId: report.orderId, brokerOrderId: BrokerOrderId.of('broker-1'), at: afterNoon(7) };
      expect(await desk.blotter.markSubmitted(command)).toMatchObject({ status: 'FILLED', submittedAt: afterNoon(7) });
    },
  },
  {
    name: 'labels the position it opens with the strategy and tags of the order',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place({ tags: { signal: 'breakout' } });
      await desk.blotter.recordExecution(desk.report(order));
      expect(await desk.position()).toMatchObject({ tags: { signal: 'breakout' } });
    },
  },
  {
    name: 'refuses a malformed report, and stores nothing of it',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const [before, order] = [await desk.portfolio(), await desk.place()];
      const refused = async (changes: Partial<ExecutionReport>, code: string) => {
        await expectError(desk.blotter.recordExecution(desk.report(order, changes)), code);
      };
      await refused({ orderId: OrderId.of(randomId()) }, 'NOT_FOUND');
      await refused({ portfolioId: PortfolioId.of(randomId()) }, 'NOT_FOUND');
      await refused({ side: 'SELL' }, 'INVALID_EXECUTION');
      await refused({ portfolioId: (await TradingDesk.open(harness)).portfolioId }, 'INVALID_EXECUTION');
      await refused({ quantity: Quantity.zero }, 'MUST_BE_POSITIVE');
      await refused({ commission: Money.of(1, 'EUR') }, 'CURRENCY_MISMATCH');
      expect(await desk.portfolio()).toEqual(before);
      expect(await harness.read.orders.get(order.id)).toEqual(order);
      expect((await harness.read.executions.list(desk.portfolioId)).items).toEqual([]);
    },
  },
  {
    name: 'does not repeat a report under the id of another execution',
    async run(harness) {
      const { desk, report } = await filled(harness);
      const other = { ...report, brokerExecutionId: BrokerExecutionId.of('another') };
      await expectError(desk.blotter.recordExecution(other), 'DUPLICATE', { repeatable: false });
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
];

/** A desk whose one order was filled by the report. */
async function filled(harness: BookHarness): Promise<{ desk: TradingDesk; report: ExecutionReport }> {
  const desk = await TradingDesk.open(harness);
  const report = desk.report(await desk.place());
  await desk.blotter.recordExecution(report);
  return { desk, report };
}
