import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INSPECT } from './inspect.js';
import { Multiplier } from './multiplier.js';
import { Quantity } from './quantity.js';

const quantity = fc
  .bigInt({ min: -(10n ** 38n) / 2n + 1n, max: 10n ** 38n / 2n - 1n })
  .map((units) => Quantity.ofUnits(units));

describe('a quantity', () => {
  it('is below zero for a short position', () => {
    expect(Quantity.of('-3').isNegative).toBe(true);
  });

  it.each(['0', '-1'])('must be above zero where an order takes it: %s', (text) => {
    expect(() => Quantity.positive(text)).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
    expect(() => Quantity.positive(Quantity.of(text))).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
  });

  it('stays what it is when it is above zero already', () => {
    const one = Quantity.of(1);
    expect(Quantity.positive(one)).toBe(one);
  });

  it('adds and subtracts exactly', () => {
    fc.assert(fc.property(quantity, quantity, (a, b) => a.plus(b).minus(b).equals(a)));
    fc.assert(fc.property(quantity, quantity, (a, b) => a.plus(b).equals(b.plus(a))));
    fc.assert(fc.property(quantity, quantity, (a, b) => a.minus(b).equals(a.plus(b.negated()))));
    fc.assert(fc.property(quantity, (a) => a.minus(a).equals(Quantity.zero)));
  });

  it('leaves no residue when bought and sold in pieces', () => {
    const bought = Quantity.of('0.1').plus(Quantity.of('0.2'));
    expect(bought.minus(Quantity.of('0.3')).isZero).toBe(true);
  });

  it('is refused when a sum leaves the range', () => {
    expect(() => Quantity.of('9'.repeat(20)).plus(Quantity.of(1))).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  it('is positive, negative or zero, and only one of them', () => {
    fc.assert(fc.property(quantity, (a) => Number(a.isPositive) + Number(a.isNegative) + Number(a.isZero) === 1));
  });

  it('is not negative in absolute value', () => {
    fc.assert(fc.property(quantity, (a) => !a.absolute().isNegative && a.negated().absolute().equals(a.absolute())));
  });

  it('compares as its decimal does', () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        expect(a.compare(b)).toBe(a.toDecimal().comparedTo(b.toDecimal()));
        expect(a.compare(b) === 0).toBe(a.equals(b));
      }),
    );
  });

  it('writes itself plainly', () => {
    expect(String(Quantity.of('-1.50'))).toBe('-1.5');
    expect(JSON.stringify({ quantity: Quantity.of('-1.50') })).toBe('{"quantity":"-1.5"}');
    expect(Quantity.of('-1.50')[INSPECT]()).toBe('Quantity(-1.5)');
  });
});

describe('a multiplier', () => {
  it.each(['0', '-1', '-0.000000000000000001'])('must be above zero: %s', (text) => {
    expect(() => Multiplier.of(text)).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
  });

  it('of one is always the same one', () => {
    expect(Multiplier.of('1.0')).toBe(Multiplier.one);
  });

  it('is equal by its value', () => {
    expect(Multiplier.of('100').equals(Multiplier.of(100n))).toBe(true);
    expect(Multiplier.of('100').equals(Multiplier.one)).toBe(false);
  });

  it('writes itself plainly', () => {
    expect(String(Multiplier.of('0.10'))).toBe('0.1');
    expect(JSON.stringify({ multiplier: Multiplier.of('0.10') })).toBe('{"multiplier":"0.1"}');
    expect(Multiplier.of('0.10')[INSPECT]()).toBe('Multiplier(0.1)');
  });
});
