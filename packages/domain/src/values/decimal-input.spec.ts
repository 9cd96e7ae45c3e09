import { Decimal as Foreign } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValidationError } from '../errors.js';
import { Decimal, ratio, type DecimalInput } from './decimal.js';
import { Money } from './money.js';
import { Multiplier } from './multiplier.js';
import { Price } from './price.js';
import { Quantity } from './quantity.js';

// What every value is built from, and refused for: the same for all four.
const values: readonly [string, (input: DecimalInput) => string][] = [
  ['Money', (input) => Money.of(input, 'USD').amount],
  ['Price', (input) => Price.of(input).toString()],
  ['Quantity', (input) => Quantity.of(input).toString()],
  ['Multiplier', (input) => Multiplier.of(input).toString()],
];
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const nines = '9'.repeat(20);

describe.each(values)('%s', (_name, of) => {
  it('keeps every decimal of 20 and 18 digits, from the text and back to it', () => {
    const integer = fc.bigInt({ min: 0n, max: 10n ** 20n - 1n });
    const fraction = fc.bigInt({ min: 1n, max: 10n ** 18n - 1n });
    fc.assert(
      fc.property(integer, fraction, (whole, part) => {
        const decimals = part.toString().padStart(18, '0');
        expect(of(`${whole}.${decimals}`)).toBe(`${whole}.${decimals.replace(/0+$/, '')}`);
        expect(of((whole + 1n) % 10n ** 20n || 1n)).toBe(String((whole + 1n) % 10n ** 20n || 1n));
      }),
    );
  });

  it('takes the largest value there is', () => {
    expect(of(`${nines}.${'9'.repeat(18)}`)).toBe(`${nines}.${'9'.repeat(18)}`);
  });

  it('takes the smallest value there is', () => {
    expect(of('0.000000000000000001')).toBe('0.000000000000000001');
  });

  it.each<[string, DecimalInput, string]>([
    ['a string', '12.50', '12.5'],
    ['one as PostgreSQL writes it', `1.${'0'.repeat(18)}`, '1'],
    ['a string with a plus sign', '+1', '1'],
    ['a string with leading zeros', '007.10', '7.1'],
    ['zeros beyond the 18th place, for they change nothing', `1.5${'0'.repeat(30)}`, '1.5'],
    ['leading zeros beyond the 20th digit, for they change nothing', `${'0'.repeat(30)}1`, '1'],
    ['a bigint', 10n ** 19n, '10000000000000000000'],
    ['a safe integer', Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['a Decimal', new Decimal('0.1'), '0.1'],
    ['a Decimal written with an exponent', new Decimal('1e-18'), '0.000000000000000001'],
    ['a Decimal of another constructor', new Foreign('1e19'), '10000000000000000000'],
  ])('takes %s', (_case, input, expected) => {
    expect(of(input)).toBe(expected);
  });

  it.each([0.1, 1.5, 1e21, 2 ** 53, Number.MIN_VALUE, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the number %s, which is no safe integer',
    (input) => {
      expect(() => of(input)).toThrow(code('FLOAT_REFUSED'));
    },
  );

  it.each([
    '',
    ' ',
    ' 1',
    '1 ',
    '1\n',
    '1.',
    '.5',
    '.',
    '-',
    '+',
    '--1',
    '1e5',
    '1E5',
    '0x10',
    '1_000',
    '1,000',
    '1.2.3',
  ])('refuses the text %j', (input) => {
    expect(() => of(input)).toThrow(code('NOT_A_DECIMAL'));
  });

  it.each(['NaN', 'Infinity', '-Infinity', '١٢', '１２', '1'.repeat(201), `1.${'0'.repeat(201)}`])(
    'refuses the text %s',
    (input) => {
      expect(() => of(input)).toThrow(code('NOT_A_DECIMAL'));
    },
  );

  it.each<[string, unknown]>([
    ['a Decimal that is NaN', new Decimal(Number.NaN)],
    ['a Decimal that is infinite', new Decimal(Number.POSITIVE_INFINITY)],
    ['a Decimal too large to print', new Decimal('1e200000000')],
    ['a Decimal too small to print', new Decimal('1e-200000000')],
    ['nothing', undefined],
    ['null', null],
    ['a boolean', true],
    ['an array', ['1']],
    ['an object that says it is a number', { valueOf: () => 1 }],
  ])('refuses %s', (_case, input) => {
    expect(() => of(input as DecimalInput)).toThrow(code('NOT_A_DECIMAL'));
  });

  it('refuses a 19th decimal in text', () => {
    expect(() => of('0.0000000000000000001')).toThrow(code('TOO_MANY_DECIMALS'));
  });

  it('refuses a 19th decimal in a Decimal', () => {
    expect(() => of(new Decimal(1).dividedBy(3))).toThrow(code('TOO_MANY_DECIMALS'));
  });

  it.each<DecimalInput>([
    `1${'0'.repeat(20)}`,
    `1${'0'.repeat(20)}.${'0'.repeat(18)}`,
    `-1${'0'.repeat(20)}.${'0'.repeat(17)}1`,
    10n ** 20n,
    new Decimal('1e20'),
  ])('refuses a 21st digit before the point: %s', (input) => {
    expect(() => of(input)).toThrow(code('OUT_OF_RANGE'));
  });

  it('names no value in the refusal', () => {
    for (const input of ['12345.x', '12345.0000000000000000001', '12345'.repeat(5), 12345.5]) {
      let refusal: unknown;
      try {
        of(input);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(ValidationError);
      expect(String(refusal)).not.toContain('12345');
    }
  });
});

describe('a signed value', () => {
  it.each(['-0', '-0.0', '+0'])('is zero without a sign when it is %s', (input) => {
    expect(Money.of(input, 'USD').amount).toBe('0');
    expect(Quantity.of(input).toString()).toBe('0');
    expect(Price.of(input).toString()).toBe('0');
  });

  it('keeps its sign below one', () => {
    expect(Quantity.of('-0.5').toString()).toBe('-0.5');
    expect(Quantity.of('-0.000000000000000001').toString()).toBe('-0.000000000000000001');
  });
});

describe('a ratio', () => {
  it('is any finite decimal, with more digits than money has', () => {
    expect(ratio('0.1234567890123456789012345', 'leverage').toString()).toBe('0.1234567890123456789012345');
  });

  it('names the field in the refusal', () => {
    expect(() => ratio(1.5, 'leverage')).toThrow(/The leverage is a floating-point number/);
    expect(() => ratio('x', 'leverage')).toThrow(ValidationError);
  });
});

describe('the Decimal of Blotter', () => {
  it('does not round to the 20 digits of decimal.js', () => {
    expect(new Decimal('12345678901234567890').plus('0.000000000000000001').toString()).toBe(
      '12345678901234567890.000000000000000001',
    );
  });

  it('prints no exponent', () => {
    expect(String(new Decimal('1e-30'))).toBe(`0.${'0'.repeat(29)}1`);
    expect(String(new Decimal('1e30'))).toBe(`1${'0'.repeat(30)}`);
  });

  it('rounds half to even', () => {
    expect(new Decimal('0.5').toDecimalPlaces(0).toString()).toBe('0');
    expect(new Decimal('1.5').toDecimalPlaces(0).toString()).toBe('2');
  });
});
