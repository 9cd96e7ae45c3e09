import { Decimal as BaseDecimal } from 'decimal.js';
import { ValidationError } from '../errors.js';

/**
 * The one decimal.js constructor of Blotter. Its own default rounds to 20 significant digits, silently;
 * this one keeps 100, more than any sum or ratio of values with 38 digits needs, and rounds half to even.
 * Ratios and performance figures are such decimals; money, prices and quantities are values of their own.
 */
export const Decimal = BaseDecimal.clone({
  precision: 100,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = BaseDecimal;

/** What a decimal is built from. A `number` must be a safe integer: 0.1 is not what it says, and is refused. */
export type DecimalInput = string | bigint | number | Decimal;

const PLAIN_DECIMAL = /^[+-]?\d{1,200}(\.\d{1,200})?$/;

/**
 * The plain decimal text of an input, such as "-12.50".
 * @param what names the field in the error's message
 * @throws ValidationError FLOAT_REFUSED for a number that is not a safe integer, NOT_A_DECIMAL for any other rubbish
 */
export function plainDecimal(input: DecimalInput, what: string): string {
  switch (typeof input) {
    case 'string':
      if (!PLAIN_DECIMAL.test(input)) {
        throw new ValidationError('NOT_A_DECIMAL', `The ${what} is not a plain decimal such as "12.50".`);
      }
      return input;
    case 'bigint':
      return input.toString();
    case 'number':
      if (!Number.isSafeInteger(input)) {
        throw new ValidationError(
          'FLOAT_REFUSED',
          `The ${what} is a floating-point number, which is not exact. Pass a string such as "0.10", or a Decimal.`,
        );
      }
      return input.toString();
    default:
      return fromDecimal(input, what);
  }
}

// The 200 digits that a string may have on either side. Printing 1e200000000 would take the memory of the process.
const LARGEST_EXPONENT = 200;

function fromDecimal(input: unknown, what: string): string {
  if (!Decimal.isDecimal(input) || !input.isFinite() || Math.abs(input.e) >= LARGEST_EXPONENT) {
    throw new ValidationError(
      'NOT_A_DECIMAL',
      `The ${what} must be a string, a bigint, a safe integer or a finite Decimal of less than 200 digits.`,
    );
  }
  return input.toFixed();
}

/** A ratio, such as a leverage limit: any finite decimal. @throws ValidationError as {@link plainDecimal} */
export function ratio(input: DecimalInput, what: string): Decimal {
  return new Decimal(plainDecimal(input, what));
}
