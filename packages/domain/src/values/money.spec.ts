import { Decimal as Base } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CurrencyMismatchError } from '../errors.js';
import { Currency } from './currency.js';
import { INSPECT } from './inspect.js';
import { Money } from './money.js';
import { Multiplier } from './multiplier.js';
import { Price } from './price.js';
import { Quantity } from './quantity.js';

const usd = Currency.of('USD');
const dollars = (amount: string) => Money.of(amount, usd);
// Halves of the range, so that a sum of two always fits.
const money = fc
  .bigInt({ min: -(10n ** 38n) / 2n + 1n, max: 10n ** 38n / 2n - 1n })
  .map((units) => Money.ofUnits(units, usd));
const small = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }).map((units) => Money.ofUnits(units, usd));

// An independent reference: decimal.js with digits to spare, rounded once.
const Reference = Base.clone({ precision: 200, rounding: Base.ROUND_HALF_EVEN, toExpPos: 9e15, toExpNeg: -9e15 });
const rounded = (value: Base) => value.toDecimalPlaces(18).plus(0).toFixed();

describe('sums of money', () => {
  it('do not depend on the order', () => {
    fc.assert(fc.property(money, money, (a, b) => a.plus(b).equals(b.plus(a))));
    fc.assert(
      fc.property(small, small, small, (a, b, c) =>
        a
          .plus(b)
          .plus(c)
          .equals(a.plus(b.plus(c))),
      ),
    );
  });

  it('are undone by the difference', () => {
    fc.assert(fc.property(money, money, (a, b) => a.plus(b).minus(b).equals(a)));
  });

  it('do not change by zero', () => {
    fc.assert(fc.property(money, (a) => a.plus(Money.zero(usd)).equals(a)));
  });

  it('are the difference from the negated', () => {
    fc.assert(fc.property(money, money, (a, b) => a.minus(b).equals(a.plus(b.negated()))));
  });

  it('do not drift: a tenth added ten times is one', () => {
    let sum = Money.zero(usd);
    for (let n = 0; n < 10; n += 1) sum = sum.plus(dollars('0.1'));
    expect(sum.amount).toBe('1');
  });

  it('leave both amounts as they were', () => {
    const a = dollars('1');
    a.plus(dollars('2'));
    expect(a.amount).toBe('1');
  });

  it('are refused when they leave the range', () => {
    const most = dollars('9'.repeat(20));
    expect(() => most.plus(dollars('1'))).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
    expect(() => most.negated().minus(dollars('1'))).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

describe('money of two currencies', () => {
  const euro = Money.of('1', 'EUR');

  it.each<[string, () => unknown]>([
    ['added', () => dollars('1').plus(euro)],
    ['subtracted', () => dollars('1').minus(euro)],
    ['compared', () => dollars('1').compare(euro)],
    ['divided', () => dollars('1').ratioTo(euro)],
  ])('is not %s', (_case, work) => {
    expect(work).toThrow(CurrencyMismatchError);
    expect(work).toThrow(expect.objectContaining({ code: 'CURRENCY_MISMATCH', expected: 'USD', actual: 'EUR' }));
  });

  it('is not equal, zero neither', () => {
    expect(dollars('1').equals(euro)).toBe(false);
    expect(Money.zero(usd).equals(Money.zero(Currency.of('EUR')))).toBe(false);
  });
});

describe('the notional', () => {
  const notional = (quantity: string, price: string, multiplier = '1') =>
    Money.notional(Quantity.of(quantity), Price.of(price), Multiplier.of(multiplier), usd).amount;
  const quantities = fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }).map((units) => Quantity.ofUnits(units));
  const prices = fc.bigInt({ min: 0n, max: 10n ** 27n }).map((units) => Price.ofUnits(units));
  const multipliers = fc
    .oneof(fc.constantFrom('1', '100', '0.1', '50'), fc.constantFrom('0.333333333333333333', '9.999999999999999999'))
    .map((text) => Multiplier.of(text));

  it('is quantity × price × multiplier', () => {
    expect(notional('3', '2.5', '100')).toBe('750');
  });

  it('has the sign of the quantity', () => {
    expect(notional('-3', '2.5')).toBe('-7.5');
  });

  it('rounds a tie to the even neighbour', () => {
    // 0.5 × 10^-18 and 1.5 × 10^-18
    expect(notional('0.5', '0.000000000000000001')).toBe('0');
    expect(notional('0.5', '0.000000000000000003')).toBe('0.000000000000000002');
    expect(notional('-0.5', '0.000000000000000003')).toBe('-0.000000000000000002');
  });

  it('rounds once and not after each factor', () => {
    // 0.5 × 10^-18 × 2 is 10^-18; rounded after the first factor it would be nothing.
    expect(notional('0.5', '0.000000000000000001', '2')).toBe('0.000000000000000001');
  });

  it('agrees with decimal.js at 200 digits, rounded once', () => {
    fc.assert(
      fc.property(quantities, prices, multipliers, (quantity, price, multiplier) => {
        const exact = new Reference(quantity.toString()).times(price.toString()).times(multiplier.toString());
        expect(Money.notional(quantity, price, multiplier, usd).amount).toBe(rounded(exact));
      }),
    );
  });

  it('is refused when it leaves the range', () => {
    expect(() => notional('10000000000', '10000000000')).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});

describe('the pro rata share', () => {
  const whole = fc.bigInt({ min: 1n, max: 10n ** 30n });

  it('is amount × part / whole', () => {
    expect(dollars('100').prorata(Quantity.of('1'), Quantity.of('4')).amount).toBe('25');
  });

  it('is rounded once, half to even', () => {
    expect(dollars('100').prorata(Quantity.of('1'), Quantity.of('3')).amount).toBe('33.333333333333333333');
    expect(dollars('0.000000000000000001').prorata(Quantity.of('1'), Quantity.of('2')).amount).toBe('0');
  });

  it('agrees with decimal.js at 200 digits', () => {
    fc.assert(
      fc.property(small, whole, fc.bigInt({ min: 0n, max: 10n ** 30n }), (amount, total, share) => {
        const part = share % (total + 1n);
        const exact = new Reference(amount.amount).times(part.toString()).dividedBy(total.toString());
        expect(amount.prorata(Quantity.ofUnits(part), Quantity.ofUnits(total)).amount).toBe(rounded(exact));
      }),
    );
  });

  it('of all is all, and of nothing is nothing', () => {
    fc.assert(
      fc.property(money, whole, (amount, total) => {
        const all = Quantity.ofUnits(total);
        expect(amount.prorata(all, all).equals(amount)).toBe(true);
        expect(amount.prorata(Quantity.zero, all).isZero).toBe(true);
      }),
    );
  });

  it('takes a part and a whole that are both short', () => {
    expect(dollars('100').prorata(Quantity.of('-1'), Quantity.of('-4')).amount).toBe('25');
  });
});

describe('money divided by a count', () => {
  it('is rounded once, half to even', () => {
    expect(dollars('2').dividedBy(3).amount).toBe('0.666666666666666667');
    expect(dollars('-0.000000000000000001').dividedBy(2).amount).toBe('0');
  });
});

describe('the ratio of two amounts', () => {
  it('has 100 digits', () => {
    expect(dollars('1').ratioTo(dollars('3'))?.toString()).toBe(`0.${'3'.repeat(100)}`);
  });

  it('is undefined when the other is zero', () => {
    expect(dollars('1').ratioTo(Money.zero(usd))).toBeUndefined();
    expect(Money.zero(usd).ratioTo(Money.zero(usd))).toBeUndefined();
  });
});

describe('money', () => {
  it('compares as its amounts do', () => {
    fc.assert(
      fc.property(money, money, (a, b) => {
        expect(a.compare(b)).toBe(a.toDecimal().comparedTo(b.toDecimal()));
        expect(a.compare(b) === 0).toBe(a.equals(b));
      }),
    );
  });

  it('is positive, negative or zero, and only one of them', () => {
    fc.assert(fc.property(money, (a) => Number(a.isPositive) + Number(a.isNegative) + Number(a.isZero) === 1));
  });

  it('is not negative in absolute value', () => {
    fc.assert(fc.property(money, (a) => !a.absolute().isNegative && a.negated().absolute().equals(a.absolute())));
  });

  it('writes itself with its currency, and plainly into JSON', () => {
    expect(String(dollars('-12.50'))).toBe('-12.5 USD');
    expect(JSON.stringify(dollars('-12.50'))).toBe('{"amount":"-12.5","currency":"USD"}');
    expect(dollars('-12.50')[INSPECT]()).toBe('Money(-12.5 USD)');
  });
});
