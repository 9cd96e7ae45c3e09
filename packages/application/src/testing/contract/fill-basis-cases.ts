import { OrderId, PortfolioId, Price, Quantity, Ticker, Timestamp, type ExecutionReport } from '@blotter/domain';
import { expect } from 'vitest';
import type { FillBasis } from '../../executions/execution-repository.js';
import { recordExecution } from '../../executions/record-execution.js';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { randomId } from './samples.js';
import { TradingDesk } from './trading-desk.js';

const FILLS = 20;
const LOOKS = 60;

/** What `executions.getBasis` does. */
export const fillBasisCases: ContractCase[] = [
  {
    name: 'gives the basis of a first fill: the portfolio, the order, and nothing else',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const portfolio = await harness.read.portfolios.get(desk.portfolioId);
      const expected: FillBasis = { portfolio, order, held: undefined, present: undefined };
      expect(await basisOf(harness, desk.report(order))).toEqual(expected);
    },
  },
  {
    name: 'gives the open position in the symbol with the basis, not a closed one, and none of another symbol',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const [order, sell, other] = [
        await desk.place(),
        await desk.place({ side: 'SELL' }),
        await desk.place({ symbol: Ticker.of('MSFT') }),
      ];
      await desk.blotter.recordExecution(desk.report(order));
      const held = (await harness.read.positions.findOpen(desk.portfolioId, order.symbol))?.position;
      expect(held).toBeDefined();
      expect((await basisOf(harness, desk.report(sell))).held).toEqual(held);
      expect((await basisOf(harness, desk.report(other))).held).toBeUndefined();
      await desk.blotter.recordExecution(desk.report(sell));
      expect((await basisOf(harness, desk.report(sell))).held).toBeUndefined();
    },
  },
  {
    name: 'gives the execution that the fill names with the basis, where it was recorded',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const report = desk.report(order);
      const { execution } = await desk.blotter.recordExecution(report);
      expect((await basisOf(harness, report)).present).toEqual(execution);
      expect((await basisOf(harness, desk.report(order))).present).toBeUndefined();
    },
  },
  {
    name: 'says which of the two is not there when the basis of a fill lacks the portfolio or the order',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const report = desk.report(await desk.place());
      const orderId = OrderId.of(randomId());
      await expectError(basisOf(harness, { ...report, orderId }), 'NOT_FOUND', { entity: 'order', id: orderId });
      const portfolioId = PortfolioId.of(randomId());
      const fields = { entity: 'portfolio', id: portfolioId };
      await expectError(basisOf(harness, { ...report, portfolioId }), 'NOT_FOUND', fields);
    },
  },
  {
    name: 'gives a basis with what the unit has saved before',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      const at = Timestamp.of('2026-01-06T12:00:00Z');
      await transact(harness, async (unit) => {
        const cancelled = unit.orders.save(order.cancel(at));
        expect((await unit.executions.getBasis(desk.report(order))).order).toEqual(cancelled);
      });
    },
  },
  {
    name: 'gives a basis without waiting for whoever has locked it',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place();
      await using holder = harness.factory.begin();
      await holder.portfolios.getForUpdate(desk.portfolioId);
      await holder.orders.getForUpdate(order.id);
      expect((await basisOf(harness, desk.report(order))).order).toEqual(order);
    },
  },
  {
    name: 'gives a basis of one moment, whatever is recorded meanwhile',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place({ quantity: Quantity.of(FILLS) });
      const last = desk.report(order, { quantity: Quantity.of(1), price: Price.of(1) });
      const fills = Array.from({ length: FILLS }, (_, fill) =>
        fill === FILLS - 1 ? last : desk.report(order, { quantity: Quantity.of(1) }),
      );
      const { lastSequence } = await harness.read.portfolios.get(desk.portfolioId);
      const read = async () => {
        for (let look = 0; look < LOOKS; look += 1) {
          const { portfolio, order: filled, held, present } = await basisOf(harness, last);
          const count = portfolio.lastSequence - lastSequence;
          expect(filled.filledQuantity).toEqual(Quantity.of(count));
          expect(held?.quantity ?? Quantity.zero).toEqual(Quantity.of(count));
          expect(present !== undefined).toBe(count === FILLS);
        }
      };
      await Promise.all([record(desk, fills), read()]);
    },
  },
];

function basisOf(harness: BookHarness, report: ExecutionReport): Promise<FillBasis> {
  return transact(harness, (unit) => unit.executions.getBasis(report));
}

/** Under locks: those who read the basis need not wait for a turn. */
async function record(desk: TradingDesk, reports: readonly ExecutionReport[]): Promise<void> {
  for (const report of reports) {
    await desk.blotter.transactions.execute((unit) => recordExecution(unit, report, report.executedAt));
  }
}
