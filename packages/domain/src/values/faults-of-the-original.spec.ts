import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../errors.js';
import { Currency, Money, Multiplier, Price, Quantity } from './index.js';

const usd = Currency.of('USD');

describe('faults of the original', () => {
  it('10^10 does not overflow', () => {
    expect(Money.of('10000000000', usd).amount).toBe('10000000000');
    expect(Price.of('10000000000').toString()).toBe('10000000000');
    expect(Quantity.of('10000000000').toString()).toBe('10000000000');
    const notional = Money.notional(Quantity.of('10000000000'), Price.of('999999999'), Multiplier.one, usd);
    expect(notional.amount).toBe('9999999990000000000');
  });

  it('0.00000000023 is kept', () => {
    expect(Money.of('0.00000000023', usd).amount).toBe('0.00000000023');
    expect(Price.of('0.00000000023').toString()).toBe('0.00000000023');
    expect(Quantity.of('0.00000000023').toString()).toBe('0.00000000023');
    const notional = Money.notional(Quantity.of('3'), Price.of('0.00000000023'), Multiplier.one, usd);
    expect(notional.amount).toBe('0.00000000069');
  });

  it('a value is never rounded on the way in', () => {
    const digits = (min: number, max: number) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max, size: 'max' })
        .map((list) => list.join(''));
    const canonical = (text: string) =>
      text
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
        .replace(/^0+(?=\d)/, '');
    let kept = 0;
    let refused = 0;
    fc.assert(
      fc.property(digits(1, 24), digits(1, 24), (whole, fraction) => {
        const text = `${whole}.${fraction}`;
        for (const of of [(input: string) => Money.of(input, usd).amount, (input: string) => String(Price.of(input))]) {
          let value: string;
          try {
            value = of(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ValidationError);
            refused += 1;
            continue;
          }
          expect(value).toBe(canonical(text));
          kept += 1;
        }
      }),
      { numRuns: 500 },
    );
    // Both ends of the rule were seen.
    expect(kept).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});
