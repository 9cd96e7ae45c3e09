import { ValidationError } from '../errors.js';
import type { Decimal, DecimalInput } from './decimal.js';
import { absolute, inRange, toUnits, unitsToDecimal, unitsToString } from './fixed-point.js';
import { INSPECT } from './inspect.js';

/** A signed number of shares, coins or contracts, exact to 18 decimals. A position's is negative when it is short. */
export class Quantity {
  static readonly zero = new Quantity(0n);

  /** @internal */
  static ofUnits(units: bigint): Quantity {
    return new Quantity(inRange(units, 'quantity'));
  }

  /** A Quantity comes back as it is. @throws ValidationError NOT_A_DECIMAL, FLOAT_REFUSED, TOO_MANY_DECIMALS, OUT_OF_RANGE */
  static of(input: DecimalInput | Quantity): Quantity {
    return input instanceof Quantity ? input : new Quantity(toUnits(input, 'quantity'));
  }

  /** What an order or an execution takes. @throws ValidationError also MUST_BE_POSITIVE */
  static positive(input: DecimalInput | Quantity): Quantity {
    const quantity = Quantity.of(input);
    if (quantity.units <= 0n)
      throw new ValidationError('MUST_BE_POSITIVE', 'The quantity must be above zero; the side says the direction.');
    return quantity;
  }

  /** Makes the class nominal: without it any class of the same shape would pass for a Quantity. */
  declare protected readonly nominal: 'Quantity';

  private constructor(
    /** @internal Units of 10^-18. */
    readonly units: bigint,
  ) {}

  plus(other: Quantity): Quantity {
    return Quantity.ofUnits(this.units + other.units);
  }

  minus(other: Quantity): Quantity {
    return Quantity.ofUnits(this.units - other.units);
  }

  negated(): Quantity {
    return new Quantity(-this.units);
  }

  absolute(): Quantity {
    return new Quantity(absolute(this.units));
  }

  get isZero(): boolean {
    return this.units === 0n;
  }

  get isPositive(): boolean {
    return this.units > 0n;
  }

  get isNegative(): boolean {
    return this.units < 0n;
  }

  /** Below zero, zero or above zero as this is less than, equal to or more than the other. */
  compare(other: Quantity): number {
    return this.units < other.units ? -1 : this.units > other.units ? 1 : 0;
  }

  equals(other: Quantity): boolean {
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

  /** What console.log and a debugger show: "Quantity(…)". */
  [INSPECT](): string {
    return `Quantity(${this.toString()})`;
  }
}
