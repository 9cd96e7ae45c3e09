import { ValidationError } from '../errors.js';
import type { DecimalInput } from './decimal.js';
import { ONE, toUnits, unitsToString } from './fixed-point.js';
import { INSPECT } from './inspect.js';

/** Units of the underlying per contract (FIX tag 231, ContractMultiplier): 1 for shares and coins, 100 for an equity option. */
export class Multiplier {
  static readonly one = new Multiplier(ONE);

  /** A Multiplier comes back as it is. @throws ValidationError NOT_A_DECIMAL, FLOAT_REFUSED, TOO_MANY_DECIMALS, OUT_OF_RANGE, MUST_BE_POSITIVE */
  static of(input: DecimalInput | Multiplier): Multiplier {
    if (input instanceof Multiplier) return input;
    const units = toUnits(input, 'multiplier');
    if (units <= 0n) throw new ValidationError('MUST_BE_POSITIVE', 'The multiplier must be above zero.');
    return units === ONE ? Multiplier.one : new Multiplier(units);
  }

  /** Makes the class nominal: without it any class of the same shape would pass for a Multiplier. */
  declare protected readonly nominal: 'Multiplier';

  private constructor(
    /** @internal Units of 10^-18. */
    readonly units: bigint,
  ) {}

  equals(other: Multiplier): boolean {
    return this.units === other.units;
  }

  toString(): string {
    return unitsToString(this.units);
  }

  toJSON(): string {
    return unitsToString(this.units);
  }

  /** What console.log and a debugger show: "Multiplier(…)". */
  [INSPECT](): string {
    return `Multiplier(${this.toString()})`;
  }
}
