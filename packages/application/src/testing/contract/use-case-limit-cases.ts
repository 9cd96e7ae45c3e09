import { OrderTerms, Price, Quantity, ratio, type PortfolioLimits } from '@blotter/domain';
import { expect } from 'vitest';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { NOON, randomTicker, SMALLEST, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

const at100 = OrderTerms.limit(Price.of(100));

/** Limits that let 20 units at 100 pass, of 10,000 in cash, and not 21. */
const LIMITS: Readonly<Record<string, PortfolioLimits>> = {
  maxPositionValue: { maxPositionValue: usd(2_000) },
  maxLeverage: { maxLeverage: ratio('0.2', 'leverage') },
  maxRiskPerOrder: { maxRiskPerOrder: ratio('0.2', 'risk') },
};

const at = (price: number) => OrderTerms.limit(Price.of(price));

/** A desk that holds 10 units bought at 100, and may come to a value of 2,500. */
async function holding(harness: BookHarness): Promise<TradingDesk> {
  const desk = await TradingDesk.open(harness, { maxPositionValue: usd(2_500) });
  await desk.blotter.recordExecution(desk.report(await desk.place({ terms: at100 })));
  return desk;
}

const valueCases: ContractCase[] = [
  {
    name: 'values what is held at the mark, and the new order alone at its price',
    async run(harness) {
      const desk = await holding(harness);
      await desk.blotter.markToMarket([{ symbol: desk.symbol, price: Price.of(200), at: NOON }]);
      const tooMuch = desk.place({ terms: at(40), quantity: Quantity.of(13) });
      await expectError(tooMuch, 'LIMIT_BREACHED', { limits: ['maxPositionValue'] });
      await desk.place({ terms: at(300), quantity: Quantity.of(1) });
      await desk.place({ terms: at(40), quantity: Quantity.of(5) });
      await expectError(desk.place({ terms: at(40), quantity: Quantity.of(SMALLEST) }), 'LIMIT_BREACHED');
    },
  },
  {
    name: 'values what is held at its average price where there is no mark',
    async run(harness) {
      const desk = await holding(harness);
      await expectError(desk.place({ terms: at(50), quantity: Quantity.of(31) }), 'LIMIT_BREACHED');
      await desk.place({ terms: at(50), quantity: Quantity.of(30) });
    },
  },
  {
    name: 'values what is left of each active order at its own price, and closes nothing twice',
    async run(harness) {
      const desk = await holding(harness);
      const part = await desk.place({ terms: at(60), quantity: Quantity.of(20) });
      await desk.blotter.recordExecution(desk.report(part, { quantity: Quantity.of(15), price: Price.of(60) }));
      // 25 are held, at 1,900; 5 are left at 60, which leaves 300.
      await expectError(desk.place({ terms: at(10), quantity: Quantity.of(31) }), 'LIMIT_BREACHED');
      await desk.place({ terms: at(10), quantity: Quantity.of(30) });
      // Two sales of 25 would leave 25 short.
      await desk.place({ side: 'SELL', terms: at(90), quantity: Quantity.of(25) });
      const twice = desk.place({ side: 'SELL', terms: at(101), quantity: Quantity.of(25) });
      await expectError(twice, 'LIMIT_BREACHED', { limits: ['maxPositionValue'] });
    },
  },
  {
    name: 'values a sale at the market where that is above its limit',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(2_500) });
      await desk.blotter.markToMarket([{ symbol: desk.symbol, price: Price.of(200), at: NOON }]);
      const sale = { side: 'SELL', terms: at(1) } as const;
      await expectError(desk.place({ ...sale, quantity: Quantity.of(13) }), 'LIMIT_BREACHED');
      await desk.place({ ...sale, quantity: Quantity.of(12) });
      await expectError(desk.place({ ...sale, quantity: Quantity.of(1) }), 'LIMIT_BREACHED');
    },
  },
];

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
  ...valueCases,
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
