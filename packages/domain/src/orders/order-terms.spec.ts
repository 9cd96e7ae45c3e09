import { describe, expect, test } from 'vitest';
import { Price } from '../values/index.js';
import { ORDER_TYPES, OrderTerms } from './index.js';

const limitPrice = Price.of(101);
const stopPrice = Price.of(99);
const priceSets = [{}, { limitPrice }, { stopPrice }, { limitPrice, stopPrice }];

describe('order terms', () => {
  test.each([
    { type: 'MARKET' as const, needs: 0 },
    { type: 'LIMIT' as const, needs: 1 },
    { type: 'STOP' as const, needs: 2 },
    { type: 'STOP_LIMIT' as const, needs: 3 },
  ])('a $type order has exactly the prices it needs', ({ type, needs }) => {
    priceSets.forEach((prices, index) => {
      if (index === needs) expect(OrderTerms.of(type, prices)).toEqual({ type, ...prices });
      else expect(() => OrderTerms.of(type, prices)).toThrow(expect.objectContaining({ code: 'INVALID_ORDER' }));
    });
  });

  test('a limit or stop of zero is refused', () => {
    const zero = Price.of(0);
    const attempts = [
      () => OrderTerms.limit(zero),
      () => OrderTerms.stop(zero),
      () => OrderTerms.stopLimit(zero, limitPrice),
      () => OrderTerms.stopLimit(stopPrice, zero),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
  });

  test('the reference price is the limit, else the stop; a market order has none', () => {
    expect(OrderTerms.referencePrice(OrderTerms.market)).toBeUndefined();
    expect(OrderTerms.referencePrice(OrderTerms.limit(limitPrice))).toBe(limitPrice);
    expect(OrderTerms.referencePrice(OrderTerms.stop(stopPrice))).toBe(stopPrice);
    expect(OrderTerms.referencePrice(OrderTerms.stopLimit(stopPrice, limitPrice))).toBe(limitPrice);
  });

  test('there are four types', () => {
    expect(ORDER_TYPES).toEqual(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);
  });
});
