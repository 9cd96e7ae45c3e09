import { OrderTerms, Price, Quantity, ratio, type PortfolioLimits } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { NOON, randomTicker, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

const at100 = OrderTerms.limit(Price.of(100));

/** Limits that let 20 units at 100 pass, of 10,000 in cash, and not 21. */
const LIMITS: Readonly<Record<string, PortfolioLimits>> = {
  maxPositionValue: { maxPositionValue: usd(2_000) },
  maxLeverage: { maxLeverage: ratio('0.2', 'leverage') },
  maxRiskPerOrder: { maxRiskPerOrder: ratio('0.2', 'risk') },
};

export const limitCases: ContractCase[] = [
  ...Object.entries(LIMITS).map(([name, limits]): ContractCase => ({
    name: `places an order at ${name}, and refuses one above it`,
    async run(harness) {
      const desk = await TradingDesk.open(harness, limits);
      const tooLarge = desk.place({ terms: at100, quantity: Quantity.of('20.000000000000000001') });
      await expectError(tooLarge, 'LIMIT_BREACHED', { entity: 'portfolio', id: desk.portfolioId, limits: [name] });
      expect((await harness.read.orders.listActive(desk.portfolioId)).items).toEqual([]);
      await desk.place({ terms: at100, quantity: Quantity.of(20) });
    },
  })),
  {
    name: 'counts symbols with active orders as positions to come',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxOpenPositions: 1 });
      await desk.place({ terms: at100 });
      const second = desk.place({ symbol: randomTicker(), terms: at100 });
      await expectError(second, 'LIMIT_BREACHED', { limits: ['maxOpenPositions'] });
    },
  },
  {
    name: 'needs a price for a market order under limits: that of its terms, or the mark',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(1_000) });
      await expectError(desk.place(), 'MISSING_PRICE', { entity: 'portfolio', id: desk.portfolioId });
      await desk.blotter.markToMarket([{ symbol: desk.symbol, price: Price.of(101), at: NOON }]);
      await expectError(desk.place(), 'LIMIT_BREACHED');
      await desk.place({ quantity: Quantity.of(9) });
    },
  },
  {
    name: 'never lets orders at the same time exceed a limit together',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(3_500) });
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => desk.place({ terms: at100 })));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : undefined));
      for (const reason of reasons.filter((each) => each !== undefined)) {
        expect(reason).toMatchObject({ code: 'LIMIT_BREACHED', limits: ['maxPositionValue'] });
      }
    },
  },
  {
    name: 'places an order that reduces the position, whatever the limits say',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(1_000) });
      const order = await desk.place({ terms: at100 });
      await desk.blotter.recordExecution(desk.report(order));
      await desk.blotter.markToMarket([{ symbol: desk.symbol, price: Price.of(500), at: NOON }]);
      await expectError(desk.place({ quantity: Quantity.of(1) }), 'LIMIT_BREACHED');
      await desk.place({ side: 'SELL' });
    },
  },
  {
    name: 'records a fill that exceeds a limit, and reports the breach',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(1_000) });
      const order = await desk.place({ terms: at100 });
      const whole = await desk.blotter.recordExecution(desk.report(order));
      expect(whole).toMatchObject({ alreadyRecorded: false, breaches: [] });
      const tooMuch = await desk.blotter.recordExecution(desk.report(order, { quantity: Quantity.of(1) }));
      expect(tooMuch).toMatchObject({ breaches: [{ limit: 'maxPositionValue', symbol: desk.symbol }] });
      expect(await desk.position()).toMatchObject({ quantity: Quantity.of(11) });
    },
  },
];
