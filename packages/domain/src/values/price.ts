import { ValidationError } from '../errors.js';
import type { Decimal, DecimalInput } from './decimal.js';
import { divideHalfEven, inRange, toUnits, unitsToDecimal, unitsToString } from './fixed-point.js';
import { INSPECT } from './inspect.js';

/** What one unit of an instrument costs, in the portfolio's currency; exact to 18 decimals, never negative. */
export class Price {
  /** A Price comes back as it is. @throws ValidationError NOT_A_DECIMAL, FLOAT_REFUSED, TOO_MANY_DECIMALS, OUT_OF_RANGE, MUST_NOT_BE_NEGATIVE */
  static of(input: DecimalInput | Price): Price {
    return input instanceof Price ? input : Price.ofUnits(toUnits(input, 'price'));
  }

  /** What an order's limit or stop takes. @throws ValidationError also MUST_BE_POSITIVE */
  static positive(input: DecimalInput | Price): Price {
    const price = Price.of(input);
    if (price.units === 0n) throw new ValidationError('MUST_BE_POSITIVE', 'The price must be above zero.');
    return price;
  }

  /** @internal */
  static ofUnits(units: bigint): Price {
    if (units < 0n) {
      throw new ValidationError(
        'MUST_NOT_BE_NEGATIVE',
        'The price must not be negative. Give it without its sign: the side says who pays.',
      );
    }
    return new Price(inRange(units, 'price'));
  }

  /** Makes the class nominal: without it any class of the same shape would pass for a Price. */
  declare protected readonly nominal: 'Price';

  private constructor(
    /** @internal Units of 10^-18. */
    readonly units: bigint,
  ) {}

  get isZero(): boolean {
    return this.units === 0n;
  }

  /** Whether the price is a whole number of ticks. */
  isOnTick(tick: Price): boolean {
    return tick.units > 0n && this.units % tick.units === 0n;
  }

  /** The nearest price on the tick, a tie to the even tick. @throws ValidationError MUST_BE_POSITIVE for a tick of zero */
  roundToTick(tick: Price): Price {
    const step = Price.positive(tick).units;
    return Price.ofUnits(divideHalfEven(this.units, step) * step);
  }

  /** Below zero, zero or above zero as this is less than, equal to or more than the other. */
  compare(other: Price): number {
    return this.units < other.units ? -1 : this.units > other.units ? 1 : 0;
  }

  equals(other: Price): boolean {
    return this.units === other.units;
  }

  toDecimal(): Decimal {
    return unitsToDecimal(this.units);
  }

  toString(): string {
    return unitsToString(this.units);
  }

  toJSON(): string {
    return unitsToString(this.units);
  }

  /** What console.log and a debugger show: "Price(…)". */
  [INSPECT](): string {
    return `Price(${this.toString()})`;
  }
}
