import { describe, expect, test } from 'vitest';
import { anyPortfolio } from '../testing/index.js';
import { Money, Multiplier, Price, Quantity, ratio, Ticker } from '../values/index.js';
import { exposureBreaches, hasLimits, type Exposure, type PortfolioLimits, type Proposal } from './index.js';

const usd = (amount: string | number) => Money.of(amount, 'USD');
const equity = usd(10_000);
const share = (value: string) => ratio(value, 'limit');

function proposal(side: 'BUY' | 'SELL', quantity: number, given: Partial<Proposal> = {}): Proposal {
  return {
    symbol: Ticker.of('AAPL'),
    side,
    quantity: Quantity.of(quantity),
    multiplier: Multiplier.one,
    price: Price.of(100),
    ...given,
  };
}

function exposure(held: number, given: Partial<Exposure> = {}): Exposure {
  return {
    symbol: Ticker.of('AAPL'),
    multiplier: Multiplier.one,
    price: Price.of(100),
    held: Quantity.of(held),
    buying: [],
    selling: [],
    ...given,
  };
}

const leaves = (quantity: number, price = 100) => ({ quantity: Quantity.of(quantity), price: Price.of(price) });

const other = (held: number) => exposure(held, { symbol: Ticker.of('MSFT') });

function breaches(limits: PortfolioLimits, order: Proposal, exposures: readonly Exposure[] = [], worth = equity) {
  return anyPortfolio({ limits })
    .breachesOf(order, worth, exposures)
    .map(({ limit, symbol, actual, allowed }) => [limit, symbol, actual.toString(), allowed.toString()].join(' '));
}

describe('the largest value of a position', () => {
  const limits = { maxPositionValue: usd(1000) };

  test('may be reached, not exceeded', () => {
    expect(breaches(limits, proposal('BUY', 10))).toEqual([]);
    expect(breaches(limits, proposal('BUY', 11))).toEqual(['maxPositionValue AAPL 1100 1000']);
    expect(breaches(limits, proposal('SELL', 11))).toEqual(['maxPositionValue AAPL 1100 1000']);
  });

  test('counts what is held, and the multiplier', () => {
    expect(breaches(limits, proposal('BUY', 1), [exposure(10)])).toHaveLength(1);
    expect(breaches(limits, proposal('BUY', 1, { multiplier: Multiplier.of(50) }))).toEqual([
      'maxPositionValue AAPL 5000 1000',
    ]);
  });

  test('counts orders that are at work on the same side, and no help from the other side', () => {
    expect(breaches(limits, proposal('BUY', 5), [exposure(0, { buying: [leaves(6)] })])).toHaveLength(1);
    expect(breaches(limits, proposal('BUY', 5), [exposure(6, { selling: [leaves(6)] })])).toHaveLength(1);
    expect(
      breaches(limits, proposal('SELL', 5), [exposure(-6, { selling: [leaves(1)], buying: [leaves(6)] })]),
    ).toHaveLength(1);
  });

  test('a flip is measured by what it leads to', () => {
    expect(breaches(limits, proposal('SELL', 20), [exposure(10)])).toEqual([]);
    expect(breaches(limits, proposal('SELL', 21), [exposure(10)])).toEqual(['maxPositionValue AAPL 1100 1000']);
  });

  test('of one symbol does not stop orders in another', () => {
    expect(breaches(limits, proposal('BUY', 1), [other(50)])).toEqual([]);
  });
});

describe('each part at its own price:', () => {
  const limits = { maxPositionValue: usd(1000) };
  const heldAt = (price: number, held: number, given: Partial<Exposure> = {}) => [
    exposure(held, { price: Price.of(price), ...given }),
  ];
  const at = (price: number, valuedAt?: number) => ({
    price: Price.of(price),
    valuedAt: valuedAt === undefined ? undefined : Price.of(valuedAt),
  });

  test('what is held is not made cheap by a low order, nor dear by a high one', () => {
    expect(breaches(limits, proposal('BUY', 10, at(10)), heldAt(90, 10))).toEqual([]);
    expect(breaches(limits, proposal('BUY', 11, at(10)), heldAt(90, 10))).toEqual(['maxPositionValue AAPL 1010 1000']);
    expect(breaches(limits, proposal('BUY', 1, at(900)), heldAt(10, 10))).toEqual([]);
    expect(breaches(limits, proposal('SELL', 11, at(10)), heldAt(90, -10))).toEqual([
      'maxPositionValue AAPL 1010 1000',
    ]);
  });

  test('orders at work count at their prices, not at that of the new one', () => {
    const working = [exposure(0, { buying: [leaves(10, 40), leaves(1, 200)] })];
    expect(breaches(limits, proposal('BUY', 40, at(10)), working)).toEqual([]);
    expect(breaches(limits, proposal('BUY', 41, at(10)), working)).toEqual(['maxPositionValue AAPL 1010 1000']);
  });

  test('an order that may trade above its price is valued there, and its risk is counted from its price', () => {
    expect(breaches(limits, proposal('SELL', 11, at(10, 100)))).toEqual(['maxPositionValue AAPL 1100 1000']);
    expect(breaches(limits, proposal('SELL', 11, at(10)))).toEqual([]);
    const risk = { maxRiskPerOrder: share('0.01') };
    const guarded = proposal('SELL', 11, { ...at(90, 100), stopLoss: Price.of(100) });
    expect(breaches(risk, guarded)).toEqual(['maxRiskPerOrder AAPL 110 100']);
  });

  test('an order that closes what is held counts nothing, and what it opens beyond that counts at its price', () => {
    expect(breaches(limits, proposal('SELL', 10, at(5000)), heldAt(100, 10))).toEqual([]);
    expect(breaches(limits, proposal('SELL', 12, at(500)), heldAt(50, 10))).toEqual([]);
    expect(breaches(limits, proposal('SELL', 13, at(500)), heldAt(50, 10))).toEqual([
      'maxPositionValue AAPL 1500 1000',
    ]);
    expect(breaches(limits, proposal('BUY', 13, at(500)), heldAt(50, -10))).toEqual([
      'maxPositionValue AAPL 1500 1000',
    ]);
  });

  test('of several orders the cheapest are taken to close, so what opens is the dearest', () => {
    // Of the 12 that are to be sold, 10 close and 2 open, at 300.
    const working = heldAt(10, 10, { selling: [leaves(4, 300), leaves(5, 20), leaves(3, 200)] });
    const limit = { maxPositionValue: usd(1) };
    expect(breaches(limit, proposal('SELL', 1, at(20)), working)).toEqual(['maxPositionValue AAPL 900 1']);
    expect(breaches(limit, proposal('SELL', 5, at(20)), working)).toEqual(['maxPositionValue AAPL 1800 1']);
    expect(breaches(limit, proposal('SELL', 1, at(500)), working)).toEqual(['maxPositionValue AAPL 1100 1']);
  });

  test('leverage adds up the same values', () => {
    const leverage = { maxLeverage: share('1') };
    const both = [...heldAt(90, 10), other(50)];
    expect(breaches(leverage, proposal('BUY', 10, at(410)), both)).toEqual([]);
    expect(breaches(leverage, proposal('BUY', 11, at(410)), both)).toEqual(['maxLeverage  10410 10000']);
  });

  test('an order is judged when it enlarges the quantity without a value, or the value without the quantity', () => {
    expect(breaches({ maxOpenPositions: 0 }, proposal('BUY', 1, at(0)))).toHaveLength(1);
    expect(breaches(limits, proposal('SELL', 15, at(300)), heldAt(50, 10))).toEqual([
      'maxPositionValue AAPL 1500 1000',
    ]);
  });
});

describe('the number of open positions', () => {
  const limits = { maxOpenPositions: 1 };

  test('counts the symbols that are held or ordered', () => {
    expect(breaches(limits, proposal('BUY', 1))).toEqual([]);
    expect(breaches(limits, proposal('BUY', 1), [other(1)])).toEqual(['maxOpenPositions  2 1']);
    expect(breaches(limits, proposal('BUY', 1), [{ ...other(0), buying: [leaves(1)] }])).toHaveLength(1);
  });

  test('does not count a symbol that is flat, nor the same symbol twice', () => {
    expect(breaches(limits, proposal('BUY', 1), [other(0)])).toEqual([]);
    expect(breaches(limits, proposal('BUY', 1), [exposure(1)])).toEqual([]);
  });

  test('of zero stops every opening', () => {
    expect(breaches({ maxOpenPositions: 0 }, proposal('SELL', 1))).toHaveLength(1);
  });
});

describe('leverage', () => {
  const limits = { maxLeverage: share('1.5') };

  test('is the sum of absolute values over equity: longs and shorts do not cancel', () => {
    expect(breaches(limits, proposal('BUY', 50), [other(-100)])).toEqual([]);
    expect(breaches(limits, proposal('BUY', 51), [other(-100)])).toEqual(['maxLeverage  15100 15000']);
  });

  test('on equity of zero or less is always exceeded', () => {
    expect(breaches(limits, proposal('BUY', 1), [], usd(0))).toHaveLength(1);
    expect(breaches(limits, proposal('BUY', 1), [], usd(-1))).toHaveLength(1);
  });
});

describe('the risk of an order', () => {
  const limits = { maxRiskPerOrder: share('0.01') };

  test('is its loss at the stop, as a share of equity', () => {
    expect(breaches(limits, proposal('BUY', 20, { stopLoss: Price.of(95) }))).toEqual([]);
    expect(breaches(limits, proposal('BUY', 21, { stopLoss: Price.of(95) }))).toEqual(['maxRiskPerOrder AAPL 105 100']);
    expect(breaches(limits, proposal('SELL', 20, { stopLoss: Price.of(105) }))).toEqual([]);
    expect(breaches(limits, proposal('SELL', 21, { stopLoss: Price.of(105) }))).toHaveLength(1);
  });

  test('is all of its value without a stop, and with one on the wrong side', () => {
    expect(breaches(limits, proposal('BUY', 1))).toEqual([]);
    expect(breaches(limits, proposal('BUY', 2))).toEqual(['maxRiskPerOrder AAPL 200 100']);
    expect(breaches(limits, proposal('BUY', 2, { stopLoss: Price.of(105) }))).toHaveLength(1);
    expect(breaches(limits, proposal('SELL', 2, { stopLoss: Price.of(95) }))).toHaveLength(1);
  });
});

describe('limits', () => {
  const tight: PortfolioLimits = {
    maxPositionValue: usd(1),
    maxOpenPositions: 0,
    maxLeverage: share('0.0001'),
    maxRiskPerOrder: share('0.0001'),
  };

  test('never refuse an order that cannot enlarge the position, however far it is beyond them', () => {
    expect(breaches(tight, proposal('SELL', 10), [exposure(10)])).toEqual([]);
    expect(breaches(tight, proposal('BUY', 10), [exposure(-10)])).toEqual([]);
    expect(breaches(tight, proposal('SELL', 4), [exposure(10)], usd(-5))).toEqual([]);
  });

  test('are all told at once', () => {
    expect(breaches(tight, proposal('BUY', 1))).toHaveLength(4);
    expect(anyPortfolio({ limits: tight }).canOpen(proposal('BUY', 1), equity, [])).toBe(false);
    expect(anyPortfolio().canOpen(proposal('BUY', 1_000_000), equity, [])).toBe(true);
  });

  test('that a fill has broken are reported for every symbol', () => {
    const found = exposureBreaches({ maxPositionValue: usd(1000) }, equity, [exposure(11), other(-12)]);
    expect(found.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
  });

  test.each<[string, PortfolioLimits]>([
    ['a position value of zero', { maxPositionValue: usd(0) }],
    ['a count below zero', { maxOpenPositions: -1 }],
    ['half a position', { maxOpenPositions: 1.5 }],
    ['a leverage of zero', { maxLeverage: share('0') }],
    ['a risk below zero', { maxRiskPerOrder: share('-0.01') }],
  ])('of %s are refused', (_what, limits) => {
    expect(() => anyPortfolio({ limits })).toThrow(expect.objectContaining({ code: 'INVALID_LIMITS' }));
    expect(() => anyPortfolio().withLimits(limits)).toThrow(expect.objectContaining({ code: 'INVALID_LIMITS' }));
  });

  test('in another currency are refused', () => {
    const limits = { maxPositionValue: Money.of(1, 'EUR') };
    expect(() => anyPortfolio().withLimits(limits)).toThrow(expect.objectContaining({ code: 'CURRENCY_MISMATCH' }));
  });

  test('are none until some are given, and can be taken away', () => {
    expect(hasLimits(anyPortfolio().limits)).toBe(false);
    expect(hasLimits(anyPortfolio({ limits: { maxOpenPositions: 0 } }).limits)).toBe(true);
    expect(hasLimits(anyPortfolio({ limits: tight }).withLimits({}).limits)).toBe(false);
  });
});
