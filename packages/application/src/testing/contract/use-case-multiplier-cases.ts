import { Multiplier, Quantity } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { expectExactBook } from './recomputed-book.js';
import { NOON, randomTicker, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

const fifty = Multiplier.of(50);

export const multiplierCases: ContractCase[] = [
  {
    name: 'refuses an order with another multiplier than the open position in its symbol, until that is closed',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      await desk.trade('BUY', 10, 100);
      for (const side of ['BUY', 'SELL'] as const) {
        const command = desk.order({ side, multiplier: fifty });
        const mismatch = { entity: 'order', id: command.id, symbol: desk.symbol };
        await expectError(desk.blotter.placeOrder(command), 'MULTIPLIER_MISMATCH', mismatch);
        expect(await harness.read.orders.find(command.id)).toBeUndefined();
      }
      await desk.place({ symbol: randomTicker(), multiplier: fifty });
      await desk.trade('SELL', 10, 100);
      const order = await desk.place({ multiplier: fifty });
      await desk.blotter.recordExecution(desk.report(order));
      expect(await desk.position()).toMatchObject({ multiplier: fifty, costBasis: usd(50_000) });
      await expectError(desk.place(), 'MULTIPLIER_MISMATCH');
      await desk.place({ side: 'SELL', multiplier: Multiplier.of('50.0') });
    },
  },
  {
    name: 'refuses an order with another multiplier than an active order in its symbol, until that has ended',
    async run(harness) {
      const [desk, other] = [await TradingDesk.open(harness), await TradingDesk.open(harness)];
      const { id: orderId } = await desk.place({ multiplier: fifty });
      await expectError(desk.place(), 'MULTIPLIER_MISMATCH', { entity: 'order', symbol: desk.symbol });
      await desk
        .place({ multiplier: fifty, side: 'SELL' })
        .then(({ id }) => desk.blotter.cancelOrder({ orderId: id, at: NOON }));
      await other.place({ symbol: desk.symbol });
      await desk.blotter.cancelOrder({ orderId, at: NOON });
      await desk.place();
    },
  },
  {
    name: 'never lets orders at the same time bring two multipliers into one symbol',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const multipliers = [Multiplier.one, fifty, Multiplier.one, fifty, Multiplier.of(10)];
      const results = await Promise.allSettled(multipliers.map((multiplier) => desk.place({ multiplier })));
      const placed = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.multiplier] : []));
      expect(placed.length).toBeGreaterThan(0);
      expect(new Set(placed.map(String)).size).toBe(1);
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused.length).toBeGreaterThan(2);
      for (const reason of refused) expect(reason).toMatchObject({ code: 'MULTIPLIER_MISMATCH' });
    },
  },
  {
    name: 'refuses a late fill with another multiplier than the open position, stores nothing of it, and records it when that is closed',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const command = desk.order({ multiplier: fifty });
      const { id: orderId } = await desk.blotter.placeOrder(command);
      const cancelled = await desk.blotter.cancelOrder({ orderId, at: NOON });
      await desk.trade('BUY', 10, 100);
      const [before, late] = [await desk.portfolio(), desk.report(cancelled, { quantity: Quantity.of(2) })];
      expect(await desk.blotter.placeOrder(command)).toEqual(cancelled);

      const refusal = { entity: 'execution', id: late.id, symbol: desk.symbol };
      await expectError(desk.blotter.recordExecution(late), 'MULTIPLIER_MISMATCH', refusal);
      expect(await desk.portfolio()).toEqual(before);
      expect(await harness.read.orders.get(orderId)).toEqual(cancelled);
      expect(await harness.read.executions.find(late.id)).toBeUndefined();

      await desk.trade('SELL', 10, 100);
      expect(await desk.blotter.recordExecution(late)).toMatchObject({ order: { status: 'CANCELLED' } });
      expect(await desk.position()).toMatchObject({
        multiplier: fifty,
        quantity: Quantity.of(2),
        costBasis: usd(10_000),
      });
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
];
