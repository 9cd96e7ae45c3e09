import { ValidationError } from '../errors.js';
import { Decimal } from '../values/decimal.js';
import { toUnits } from '../values/fixed-point.js';
import { Money } from '../values/money.js';
import { isPlainObject } from '../values/plain-object.js';

/** What a portfolio may do. A limit that is undefined does not limit. Limits guard new orders; a fill is recorded whatever they say. */
export interface PortfolioLimits {
  /** Largest value of one position, absolute: what is held at the mark, and what is ordered at the price of its order. */
  readonly maxPositionValue?: Money | undefined;
  /** Largest number of open positions. */
  readonly maxOpenPositions?: number | undefined;
  /** Largest sum of such values, as a multiple of equity: 1 is no leverage. */
  readonly maxLeverage?: Decimal | undefined;
  /** Largest loss of one order at its protective stop, as a share of equity: 0.02 is two per cent. Without a stop all of it is at risk. */
  readonly maxRiskPerOrder?: Decimal | undefined;
}

export type LimitName = keyof PortfolioLimits;

/** Checked limits. @throws ValidationError INVALID_LIMITS; TOO_MANY_DECIMALS or OUT_OF_RANGE for a ratio that storage would have to round */
export function checkedLimits(limits: PortfolioLimits): PortfolioLimits {
  const { maxPositionValue, maxOpenPositions, maxLeverage, maxRiskPerOrder } = limits;
  const valid =
    isPlainObject(limits) &&
    (maxPositionValue === undefined || Money.checked(maxPositionValue).isPositive) &&
    (maxOpenPositions === undefined || (Number.isSafeInteger(maxOpenPositions) && maxOpenPositions >= 0)) &&
    isRatio(maxLeverage) &&
    isRatio(maxRiskPerOrder);
  if (!valid) {
    throw new ValidationError(
      'INVALID_LIMITS',
      'A limit is above zero (the number of open positions: a whole number from 0), or undefined for none.',
    );
  }
  if (maxLeverage) toUnits(maxLeverage, 'leverage limit');
  if (maxRiskPerOrder) toUnits(maxRiskPerOrder, 'risk limit');
  return Object.freeze({ maxPositionValue, maxOpenPositions, maxLeverage, maxRiskPerOrder });
}

function isRatio(limit: Decimal | undefined): boolean {
  return limit === undefined || (Decimal.isDecimal(limit) && limit.gt(0));
}

export function hasLimits(limits: PortfolioLimits): boolean {
  return Object.values(limits).some((limit) => limit !== undefined);
}
