import { ValidationError } from '../errors.js';
import { Decimal, plainDecimal, type DecimalInput } from './decimal.js';

/**
 * The arithmetic under Money, Price and Quantity: integers that count units of 10^-18.
 * Sums and comparisons of integers are exact by nature, and there is one place that rounds, {@link divideHalfEven}.
 * Measured against decimal.js on a fill's arithmetic: six times as fast (docs/decisions/0002-fixed-point.md).
 */

/** Decimal places that every value keeps. */
export const SCALE = 18;
/** Digits before the point that every value keeps; with the scale, PostgreSQL's numeric(38, 18). */
export const INTEGER_DIGITS = 20;

/** One, in units. */
export const ONE = 10n ** BigInt(SCALE);
const LIMIT = 10n ** BigInt(SCALE + INTEGER_DIGITS);
const ZEROS = '0'.repeat(SCALE);
/** Zero and one as a numeric(38, 18) has them: more than half of the decimals of an order, where nothing is filled yet. */
const STORED_ZERO = `0.${ZEROS}`;
const STORED_ONE = `1.${ZEROS}`;

/**
 * Units of an input, exactly.
 * @throws ValidationError NOT_A_DECIMAL, FLOAT_REFUSED, TOO_MANY_DECIMALS (more than 18), OUT_OF_RANGE (more than 20 integer digits)
 */
export function toUnits(input: DecimalInput, what: string): bigint {
  if (input === STORED_ZERO) return 0n;
  if (input === STORED_ONE) return ONE;
  const text = plainDecimal(input, what);
  const point = text.indexOf('.');
  if (point < 0) return inRange(BigInt(text) * ONE, what);
  const fraction = text.slice(point + 1);
  // As PostgreSQL writes it: nothing is to be filled up or cut off.
  if (fraction.length === SCALE) return inRange(BigInt(text.slice(0, point) + fraction), what);
  if (fraction.length > SCALE && /[1-9]/.test(fraction.slice(SCALE))) {
    throw new ValidationError(
      'TOO_MANY_DECIMALS',
      `The ${what} has more than ${SCALE} decimals. Round it where you know how; it is never rounded on the way in.`,
    );
  }
  return inRange(BigInt(text.slice(0, point) + (fraction + ZEROS).slice(0, SCALE)), what);
}

/** Refuses units that a numeric(38, 18) cannot hold. @throws ValidationError OUT_OF_RANGE */
export function inRange(units: bigint, what: string): bigint {
  if (units >= LIMIT || units <= -LIMIT) {
    throw new ValidationError('OUT_OF_RANGE', `The ${what} has more than ${INTEGER_DIGITS} digits before the point.`);
  }
  return units;
}

/** Plain decimal text without trailing zeros: "12.5", "-0.000000000000000001", "0". */
export function unitsToString(units: bigint): string {
  if (units === 0n) return '0';
  if (units % ONE === 0n) return (units / ONE).toString();
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE, end)}`;
}

export function unitsToDecimal(units: bigint): Decimal {
  return new Decimal(unitsToString(units));
}

/**
 * numerator / denominator as an integer, ties to the even neighbour (IEEE 754 roundTiesToEven).
 * PostgreSQL's round() breaks ties away from zero; the SQL function divide_half_even is this one's twin.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const remainder = numerator % denominator;
  const quotient = numerator / denominator;
  if (remainder === 0n) return quotient;
  const twice = absolute(remainder) * 2n;
  const d = absolute(denominator);
  if (twice < d || (twice === d && quotient % 2n === 0n)) return quotient;
  return numerator < 0n !== denominator < 0n ? quotient - 1n : quotient + 1n;
}

export function absolute(units: bigint): bigint {
  return units < 0n ? -units : units;
}
