import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSPECT } from './inspect.js';
import { Price } from './price.js';

const price = fc.bigInt({ min: 0n, max: 10n ** 37n }).map((units) => Price.ofUnits(units));

describe('a price', () => {
  it('may be zero', () => {
    expect(Price.of(0).isZero).toBe(true);
  });

  it.each(['-1', '-0.000000000000000001'])('must not be negative: %s', (text) => {
    expect(() => Price.of(text)).toThrow(expect.objectContaining({ code: 'MUST_NOT_BE_NEGATIVE' }));
  });

  it('must be above zero where an order takes it', () => {
    expect(() => Price.positive('0')).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
    expect(() => Price.positive(Price.of(0))).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
    expect(() => Price.positive('-1')).toThrow(expect.objectContaining({ code: 'MUST_NOT_BE_NEGATIVE' }));
  });

  it('stays what it is when it is above zero already', () => {
    const one = Price.of(1);
    expect(Price.positive(one)).toBe(one);
  });

  it('compares as its decimal does', () => {
    fc.assert(
      fc.property(price, price, (a, b) => {
        expect(a.compare(b)).toBe(a.toDecimal().comparedTo(b.toDecimal()));
        expect(a.compare(b) === 0).toBe(a.equals(b));
      }),
    );
  });

  it('writes itself plainly', () => {
    expect(String(Price.of('1.50'))).toBe('1.5');
    expect(JSON.stringify({ price: Price.of('1.50') })).toBe('{"price":"1.5"}');
    expect(Price.of('1.50')[INSPECT]()).toBe('Price(1.5)');
  });
});

describe('a price on its tick', () => {
  const cent = Price.of('0.01');

  it('is a whole number of ticks', () => {
    expect(Price.of('10.07').isOnTick(cent)).toBe(true);
    expect(Price.of('10.075').isOnTick(cent)).toBe(false);
  });

  it('is on no tick of zero', () => {
    expect(Price.of(0).isOnTick(Price.of(0))).toBe(false);
  });

  it.each([
    ['10.074', '10.07'],
    ['10.076', '10.08'],
    ['10.065', '10.06'],
    ['10.075', '10.08'],
  ])('is rounded to the nearest tick, a tie to the even one: %s to %s', (from, to) => {
    expect(String(Price.of(from).roundToTick(cent))).toBe(to);
  });

  it('is on the tick once rounded, at most half a tick away, and rounded no further', () => {
    const tick = fc.bigInt({ min: 1n, max: 10n ** 20n }).map((units) => Price.ofUnits(units));
    fc.assert(
      fc.property(price, tick, (value, step) => {
        const near = value.roundToTick(step);
        expect(near.isOnTick(step)).toBe(true);
        expect(
          near.toDecimal().minus(value.toDecimal()).absoluteValue().times(2).lessThanOrEqualTo(step.toDecimal()),
        ).toBe(true);
        expect(near.roundToTick(step).equals(near)).toBe(true);
      }),
    );
  });

  it('is refused for a tick of zero', () => {
    expect(() => cent.roundToTick(Price.of(0))).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
  });
});
