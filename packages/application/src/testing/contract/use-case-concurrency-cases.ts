import { Price, Quantity } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectExactBook } from './recomputed-book.js';
import { usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

/** Tasks that fill orders of a few portfolios at the same time, back and forth across zero, at prices that round. */
export function concurrentFillsCase(size: {
  readonly tasks: number;
  readonly fills: number;
  readonly portfolios: number;
}): ContractCase {
  const { tasks, fills, portfolios } = size;
  return {
    name: `stays exact under ${tasks} tasks of ${fills} fills each on ${portfolios} portfolios`,
    async run(harness) {
      const desks = await Promise.all(Array.from({ length: portfolios }, () => TradingDesk.open(harness)));
      const running = Array.from({ length: tasks }, async (_, task) => {
        const desk = desks[task % portfolios];
        if (!desk) return;
        for (let fill = 0; fill < fills; fill += 1) {
          const side = (task + fill) % 3 === 0 ? 'SELL' : 'BUY';
          const order = await desk.place({ side, quantity: Quantity.of(`${fill + 1}.000000000000000007`) });
          const price = Price.of(`${task + 1}.333333333333333333`);
          await desk.blotter.recordExecution(desk.report(order, { price, commission: usd('0.000000000000000011') }));
        }
      });
      await Promise.all(running);
      let booked = 0;
      for (const { portfolioId } of desks) {
        await expectExactBook(harness.read, portfolioId);
        booked += (await harness.read.portfolios.get(portfolioId)).lastSequence - 1;
      }
      expect(booked).toBe(tasks * fills);
    },
  };
}
