import { CurrencyMismatchError, ValidationError } from '../errors.js';
import { Currency } from './currency.js';
import type { Decimal, DecimalInput } from './decimal.js';
import { absolute, divideHalfEven, inRange, ONE, toUnits, unitsToDecimal, unitsToString } from './fixed-point.js';
import type { Multiplier } from './multiplier.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';
import { INSPECT } from './inspect.js';

/** An amount of one currency, exact to 18 decimals; negative where it is owed. */
export class Money {
  /** @throws ValidationError NOT_A_DECIMAL, FLOAT_REFUSED, TOO_MANY_DECIMALS, OUT_OF_RANGE, UNKNOWN_CURRENCY */
  static of(amount: DecimalInput, currency: Currency | string): Money {
    return new Money(toUnits(amount, 'amount'), Currency.of(currency));
  }

  /** The amount as it is, when it is a Money, whatever the compiler was told. @throws ValidationError NOT_MONEY */
  static checked(amount: Money): Money {
    if (amount instanceof Money) return amount;
    throw new ValidationError('NOT_MONEY', 'An amount is a Money: make it with Money.of("0.10", "USD").');
  }

  static zero(currency: Currency): Money {
    return new Money(0n, currency);
  }

  /** @internal */
  static ofUnits(units: bigint, currency: Currency): Money {
    return new Money(inRange(units, 'amount'), currency);
  }

  /**
   * quantity × price × multiplier, computed exactly and rounded once, half to even, to 18 decimals.
   * This one number moves the cash and the cost basis. It has the sign of the quantity.
   * @throws ValidationError OUT_OF_RANGE
   */
  static notional(quantity: Quantity, price: Price, multiplier: Multiplier, currency: Currency): Money {
    const product = quantity.units * price.units;
    // Of shares and coins, which is nearly all there is, half the digits need not be multiplied and divided again.
    if (multiplier.units === ONE) return Money.ofUnits(divideHalfEven(product, ONE), currency);
    return Money.ofUnits(divideHalfEven(product * multiplier.units, ONE * ONE), currency);
  }

  /** Makes the class nominal: without it any class of the same shape would pass for a Money. */
  declare protected readonly nominal: 'Money';

  private constructor(
    /** @internal Units of 10^-18. */
    readonly units: bigint,
    readonly currency: Currency,
  ) {}

  /** @throws CurrencyMismatchError, ValidationError OUT_OF_RANGE */
  plus(other: Money): Money {
    return Money.ofUnits(this.units + this.same(other).units, this.currency);
  }

  /** @throws CurrencyMismatchError, ValidationError OUT_OF_RANGE */
  minus(other: Money): Money {
    return Money.ofUnits(this.units - this.same(other).units, this.currency);
  }

  negated(): Money {
    return new Money(-this.units, this.currency);
  }

  absolute(): Money {
    return new Money(absolute(this.units), this.currency);
  }

  /** amount × part / whole, rounded once, half to even: the share that belongs to `part` of `whole` units. `whole` is not zero. */
  prorata(part: Quantity, whole: Quantity): Money {
    return Money.ofUnits(divideHalfEven(this.units * part.units, whole.units), this.currency);
  }

  /** amount / count, rounded once, half to even. `count` is not zero. */
  dividedBy(count: number): Money {
    return Money.ofUnits(divideHalfEven(this.units, BigInt(count)), this.currency);
  }

  /** This as a share of the other, with the 100 digits of {@link Decimal}; undefined when the other is zero. */
  ratioTo(other: Money): Decimal | undefined {
    return this.same(other).units === 0n ? undefined : this.toDecimal().div(other.toDecimal());
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

  /** Below zero, zero or above zero as this is less than, equal to or more than the other. @throws CurrencyMismatchError */
  compare(other: Money): number {
    const units = this.same(other).units;
    return this.units < units ? -1 : this.units > units ? 1 : 0;
  }

  equals(other: Money): boolean {
    return this.units === other.units && this.currency === other.currency;
  }

  /** The amount without its currency. */
  toDecimal(): Decimal {
    return unitsToDecimal(this.units);
  }

  /** The amount without its currency, as stored and sent: "12.5". */
  get amount(): string {
    return unitsToString(this.units);
  }

  toString(): string {
    return `${this.amount} ${this.currency}`;
  }

  toJSON(): { amount: string; currency: string } {
    return { amount: this.amount, currency: this.currency };
  }

  private same(other: Money): Money {
    if (other.currency !== this.currency) throw new CurrencyMismatchError(this.currency, other.currency);
    return other;
  }

  /** What console.log and a debugger show: "Money(…)". */
  [INSPECT](): string {
    return `Money(${this.toString()})`;
  }
}
