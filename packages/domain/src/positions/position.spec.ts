import { describe, expect, test } from 'vitest';
import { anyClosedPosition, anyPosition, anyUuid } from '../testing/index.js';
import { Money, Multiplier, PortfolioId, PositionId, Price, Quantity, Ticker, Timestamp } from '../values/index.js';
import { Position, type Fill, type PositionState } from './index.js';

const usd = (amount: string | number) => Money.of(amount, 'USD');
const opened = Timestamp.of('2026-01-05T14:30:00Z');
const later = Timestamp.of('2026-01-05T14:31:00Z');

/** A fill of a signed quantity at a price; what it cost follows. */
function fillOf(quantity: string | number, price: string | number, given: Partial<Fill> = {}): Fill {
  const signed = Quantity.of(quantity);
  const at = Price.of(price);
  const notional = Money.notional(signed, at, Multiplier.one, usd(0).currency);
  return { quantity: signed, notional, commission: usd(0), price: at, at: later, ...given };
}

function opening(quantity: string | number, price: string | number, given: Partial<Fill> = {}): Position {
  const origin = {
    id: PositionId.of(anyUuid()),
    portfolioId: PortfolioId.of(anyUuid()),
    symbol: Ticker.of('AAPL'),
    multiplier: Multiplier.one,
  };
  return Position.open(origin, fillOf(quantity, price, { at: opened, ...given }));
}

const amounts = ({ quantity, costBasis, realisedPnl, invested, maxValue }: Position) => [
  quantity.toString(),
  costBasis.amount,
  realisedPnl.amount,
  invested.amount,
  maxValue.amount,
];

describe('a position', () => {
  test('opens with its first fill', () => {
    const position = opening(10, 100, { commission: usd('0.35') });
    expect(amounts(position)).toEqual(['10', '1000', '0', '1000', '1000']);
    expect(position.commission.amount).toBe('0.35');
    expect(position).toMatchObject({ side: 'LONG', isOpen: true, openedAt: opened, closedAt: undefined, version: 0 });
    expect(amounts(opening(-10, 100))).toEqual(['-10', '-1000', '0', '1000', '1000']);
    expect(opening(-10, 100).side).toBe('SHORT');
  });

  test('adds: cost and invested grow, the average price follows', () => {
    const position = opening(10, 100).apply(fillOf(5, 130));
    expect(amounts(position)).toEqual(['15', '1650', '0', '1650', '1950']);
    expect(position.averagePrice?.toString()).toBe('110');
  });

  test('reduces: cost is released pro rata, the rest is realised, the average price stays', () => {
    const position = opening(10, 100).apply(fillOf(-4, 110));
    expect(amounts(position)).toEqual(['6', '600', '40', '1000', '1000']);
    expect(position.averagePrice?.toString()).toBe('100');
  });

  test('reduces with one rounding, half to even, and leaves no residue when it closes', () => {
    const position = opening(3, '0.000000000000000001', { notional: usd('0.000000000000000005') });
    const reduced = position.apply(fillOf(-1, 0));
    expect(reduced.costBasis.amount).toBe('0.000000000000000003');
    const closed = reduced.apply(fillOf(-2, 0));
    expect(amounts(closed).slice(0, 3)).toEqual(['0', '0', '-0.000000000000000005']);
  });

  test('closes: it is flat, holds nothing, and says when', () => {
    const position = opening(10, 100).apply(fillOf(-10, 95, { commission: usd(1) }));
    expect(amounts(position)).toEqual(['0', '0', '-50', '1000', '1000']);
    expect(position).toMatchObject({ side: 'FLAT', isOpen: false, closedAt: later, averagePrice: undefined });
    expect(position.totalPnl().amount).toBe('-51');
  });

  test('is never changed: each fill makes the next one', () => {
    const position = opening(10, 100);
    const before = { ...position };
    position.apply(fillOf(5, 130));
    position.apply(fillOf(-4, 110));
    position.apply(fillOf(-10, 110));
    position.withStops({ stopLoss: Price.of(90), takeProfit: undefined });
    expect({ ...position }).toEqual(before);
  });

  test.each([
    ['crosses zero from above', opening(10, 100), fillOf(-11, 100)],
    ['crosses zero from below', opening(-10, 100), fillOf(11, 100)],
    ['is of nothing', opening(10, 100), fillOf(0, 100)],
    ['is of nothing, on a short position', opening(-10, 100), fillOf(0, 100)],
    ['contradicts itself in sign', opening(10, 100), fillOf(5, 100, { notional: usd(-500) })],
    ['comes after the close', anyClosedPosition(), fillOf(1, 100)],
  ])('refuses a fill that %s', (_what, position, fill) => {
    expect(() => position.apply(fill)).toThrow(
      expect.objectContaining({ code: 'INVALID_POSITION', entity: 'position', id: position.id }),
    );
  });

  test('refuses to be opened by a fill of nothing, or one that contradicts itself in sign', () => {
    for (const attempt of [() => opening(0, 100), () => opening(5, 100, { notional: usd(-500) })]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_POSITION' }));
    }
  });

  test('refuses a fill in another currency', () => {
    const euro = { notional: Money.of(100, 'EUR'), commission: Money.of(0, 'EUR') };
    expect(() => opening(10, 100).apply(fillOf(1, 100, euro))).toThrow(
      expect.objectContaining({ code: 'CURRENCY_MISMATCH' }),
    );
  });
});

describe('profit and loss', () => {
  const long = opening(10, 100, { commission: usd(2) });
  const short = opening(-10, 100, { commission: usd(2) });

  test('a long position gains as the price rises, a short one as it falls', () => {
    expect(long.unrealisedPnl(Price.of(110)).amount).toBe('100');
    expect(long.unrealisedPnl(Price.of(90)).amount).toBe('-100');
    expect(short.unrealisedPnl(Price.of(110)).amount).toBe('-100');
    expect(short.unrealisedPnl(Price.of(90)).amount).toBe('100');
    expect(long.apply(fillOf(-10, 110)).realisedPnl.amount).toBe('100');
    expect(short.apply(fillOf(10, 90)).realisedPnl.amount).toBe('100');
  });

  test('the market value of a short position is below zero', () => {
    expect([long.marketValue(Price.of(90)).amount, short.marketValue(Price.of(90)).amount]).toEqual(['900', '-900']);
  });

  test('the total is realised and unrealised, less commission once', () => {
    const reduced = long.apply(fillOf(-4, 110, { commission: usd('0.5') }));
    expect(reduced.totalPnl(Price.of(120)).amount).toBe('157.5');
  });

  test('the total of an open position needs a price', () => {
    expect(() => long.totalPnl()).toThrow(expect.objectContaining({ code: 'INVALID_POSITION' }));
  });

  test('the return is the total over what was invested, long or short', () => {
    expect(long.returnRatio(Price.of(110))?.toString()).toBe('0.098');
    expect(short.returnRatio(Price.of(110))?.toString()).toBe('-0.102');
    expect(long.apply(fillOf(-10, 110)).returnRatio()?.toString()).toBe('0.098');
    expect(opening(10, 0).returnRatio(Price.of(1))).toBeUndefined();
  });

  test('contracts count with their multiplier', () => {
    const contracts = anyPosition({
      multiplier: Multiplier.of(50),
      quantity: Quantity.of(-2),
      costBasis: usd(-10_000),
      invested: usd(10_000),
    });
    expect(contracts.averagePrice?.toString()).toBe('100');
    expect(contracts.unrealisedPnl(Price.of(99)).amount).toBe('100');
  });

  test('the largest value is that after a fill, whichever way it went', () => {
    const position = opening(10, 100).apply(fillOf(-2, 200)).apply(fillOf(-7, 50));
    expect(position.maxValue.amount).toBe('1600');
    expect(opening(-10, 100).apply(fillOf(5, 300)).maxValue.amount).toBe('1500');
  });

  test('the average price is rounded half to even to 18 decimals, and is not negative when short', () => {
    const third = opening(-3, 1, { notional: usd(-1) });
    expect(third.averagePrice?.toString()).toBe('0.333333333333333333');
    expect(opening(-1, 0).averagePrice?.toString()).toBe('0');
  });
});

describe('stops', () => {
  const stops = { stopLoss: Price.of(90), takeProfit: Price.of(120) };
  const long = opening(10, 100).withStops(stops);
  const short = opening(-10, 100).withStops({ stopLoss: Price.of(120), takeProfit: Price.of(90) });
  const hits = (position: Position, price: number | string) => [
    position.isStopLossHit(Price.of(price)),
    position.isTakeProfitHit(Price.of(price)),
  ];

  test('of a long position: the loss at or below, the profit at or above', () => {
    expect(hits(long, '89.99')).toEqual([true, false]);
    expect(hits(long, 90)).toEqual([true, false]);
    expect(hits(long, '90.000000000000000001')).toEqual([false, false]);
    expect(hits(long, '119.99')).toEqual([false, false]);
    expect(hits(long, 120)).toEqual([false, true]);
  });

  test('of a short position: the loss at or above, the profit at or below', () => {
    expect(hits(short, 120)).toEqual([true, false]);
    expect(hits(short, '119.99')).toEqual([false, false]);
    expect(hits(short, 90)).toEqual([false, true]);
    expect(hits(short, 89)).toEqual([false, true]);
  });

  test('that are not there, or of a position that is closed, are not hit', () => {
    expect(hits(opening(10, 100), 0)).toEqual([false, false]);
    expect(hits(long.apply(fillOf(-10, 80)), 80)).toEqual([false, false]);
  });

  test('stay through fills, can be taken away, and are not zero', () => {
    expect(long.apply(fillOf(5, 100))).toMatchObject(stops);
    expect(long.withStops({ stopLoss: undefined, takeProfit: undefined })).toMatchObject({
      stopLoss: undefined,
      takeProfit: undefined,
    });
    expect(() => long.withStops({ stopLoss: Price.of(0), takeProfit: undefined })).toThrow(
      expect.objectContaining({ code: 'MUST_BE_POSITIVE' }),
    );
  });
});

describe('a position from storage', () => {
  const contradictions: Record<string, Partial<PositionState>> = {
    'closed, and holds something': { closedAt: later },
    'open, and holds nothing': { quantity: Quantity.zero, costBasis: usd(0) },
    'closed, and cost something': { quantity: Quantity.zero, closedAt: later },
    'long, at a cost below zero': { costBasis: usd(-1) },
    'short, at a cost above zero': { quantity: Quantity.of(-10) },
    'invested below zero': { invested: usd(-1) },
    'worth less than nothing at most': { maxValue: usd(-1) },
  };

  test.each(Object.keys(contradictions))('that is %s is refused', (what) => {
    expect(() => Position.restore({ ...anyPosition(), ...contradictions[what] })).toThrow(
      expect.objectContaining({ code: 'INVALID_POSITION' }),
    );
  });

  test('is the same as it was stored; of a version that is none it is refused', () => {
    for (const position of [anyPosition(), anyClosedPosition()]) expect(Position.restore(position)).toEqual(position);
    expect(anyPosition().atVersion(3).version).toBe(3);
    expect(() => anyPosition({ version: -1 })).toThrow(expect.objectContaining({ code: 'INVALID_VERSION' }));
  });
});
