import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfEven, toUnits, unitsToDecimal, unitsToString } from './fixed-point.js';

// An independent reference: decimal.js with digits to spare.
const Reference = Base.clone({ precision: 200, rounding: Base.ROUND_HALF_EVEN, toExpPos: 9e15, toExpNeg: -9e15 });
const reference = (numerator: bigint, denominator: bigint) =>
  new Reference(numerator.toString()).dividedBy(denominator.toString()).toDecimalPlaces(0).plus(0).toFixed();

const units = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
const divisor = fc.oneof(fc.bigInt({ min: -12n, max: 12n }), units).filter((value) => value !== 0n);

describe('units', () => {
  it('go to text and back', () => {
    fc.assert(fc.property(units, (value) => toUnits(unitsToString(value), 'amount') === value));
  });

  it('go to a Decimal and back', () => {
    fc.assert(fc.property(units, (value) => toUnits(unitsToDecimal(value), 'amount') === value));
  });

  it('are written as decimal.js writes them', () => {
    fc.assert(
      fc.property(units, (value) => {
        expect(unitsToString(value)).toBe(new Reference(value.toString()).dividedBy('1e18').toFixed());
      }),
    );
  });
});

describe('division half to even', () => {
  it.each<[bigint, bigint, bigint]>([
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-1n, 2n, 0n],
    [-3n, 2n, -2n],
    [-5n, 2n, -2n],
    [3n, -2n, -2n],
    [-3n, -2n, 2n],
    [5n, 4n, 1n],
    [7n, 4n, 2n],
    [-7n, 4n, -2n],
    [0n, -7n, 0n],
    [6n, 3n, 2n],
  ])('makes of %s / %s the whole number %s', (numerator, denominator, expected) => {
    expect(divideHalfEven(numerator, denominator)).toBe(expected);
  });

  it('agrees with decimal.js at 200 digits', () => {
    fc.assert(
      fc.property(units, divisor, (numerator, denominator) => {
        expect(divideHalfEven(numerator, denominator).toString()).toBe(reference(numerator, denominator));
      }),
    );
  });

  it('agrees with decimal.js on ties, and takes the even neighbour', () => {
    fc.assert(
      fc.property(units, divisor, (quotient, half) => {
        // (quotient + 1/2) × 2·half over 2·half: always exactly between two whole numbers.
        const numerator = (2n * quotient + 1n) * half;
        const result = divideHalfEven(numerator, 2n * half);
        expect(result % 2n).toBe(0n);
        expect(result.toString()).toBe(reference(numerator, 2n * half));
      }),
    );
  });

  it('is never further than half from the quotient', () => {
    fc.assert(
      fc.property(units, divisor, (numerator, denominator) => {
        const rest = 2n * (numerator - divideHalfEven(numerator, denominator) * denominator);
        expect(rest * rest <= denominator * denominator).toBe(true);
      }),
    );
  });

  it('mirrors at zero', () => {
    fc.assert(
      fc.property(units, divisor, (numerator, denominator) => {
        expect(divideHalfEven(-numerator, denominator)).toBe(-divideHalfEven(numerator, denominator));
      }),
    );
  });
});
