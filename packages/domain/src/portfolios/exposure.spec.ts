import { describe, expect, test } from 'vitest';
import { OrderTerms } from '../orders/index.js';
import { Price } from '../values/index.js';
import { valuationPrice } from './index.js';

const [limit, stop] = [Price.of(100), Price.of(90)];
const marks = [undefined, Price.of(50), Price.of(150)];

describe('the price that limits value an order at, without a mark, under a low one and under a high one', () => {
  test.each([
    ['a buy at a limit', 'BUY', OrderTerms.limit(limit), ['100', '100', '100']],
    ['a buy at a stop with a limit', 'BUY', OrderTerms.stopLimit(stop, limit), ['100', '100', '100']],
    ['a buy at a stop', 'BUY', OrderTerms.stop(stop), ['90', '90', '150']],
    ['a buy at the market', 'BUY', OrderTerms.market, [undefined, '50', '150']],
    ['a sale at a limit', 'SELL', OrderTerms.limit(limit), ['100', '100', '150']],
    ['a sale at a stop with a limit', 'SELL', OrderTerms.stopLimit(stop, limit), ['100', '100', '150']],
    ['a sale at a stop', 'SELL', OrderTerms.stop(stop), ['90', '90', '150']],
    ['a sale at the market', 'SELL', OrderTerms.market, [undefined, '50', '150']],
  ] as const)('of %s', (_what, side, terms, expected) => {
    expect(marks.map((mark) => valuationPrice({ side, terms }, mark)?.toString())).toEqual(expected);
  });
});
