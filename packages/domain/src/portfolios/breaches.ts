import type { Decimal } from '../values/decimal.js';
import { Money } from '../values/money.js';
import { Quantity } from '../values/quantity.js';
import type { Ticker } from '../values/ticker.js';
import { worstQuantity, worstValue, type Exposure, type Proposal } from './exposure.js';
import type { LimitName, PortfolioLimits } from './limits.js';

/** A limit that is, or would be, exceeded. */
export interface LimitBreach {
  readonly limit: LimitName;
  /** The symbol whose value or order exceeds the limit; undefined for limits of the whole portfolio. */
  readonly symbol: Ticker | undefined;
  readonly actual: Decimal;
  readonly allowed: Decimal;
}

/** Which limits on positions the exposures exceed. Leverage on equity of zero or less is always exceeded, where anything is held. */
export function exposureBreaches(
  limits: PortfolioLimits,
  equity: Money,
  exposures: readonly Exposure[],
): LimitBreach[] {
  const breaches: LimitBreach[] = [];
  const { maxPositionValue, maxOpenPositions, maxLeverage } = limits;
  const open = exposures.filter((exposure) => !worstQuantity(exposure).isZero);
  const values = open.map((exposure) => ({ symbol: exposure.symbol, value: worstValue(exposure, equity.currency) }));
  if (maxPositionValue) {
    for (const { symbol, value } of values) {
      if (value.compare(maxPositionValue) > 0) {
        breaches.push({
          limit: 'maxPositionValue',
          symbol,
          actual: value.toDecimal(),
          allowed: maxPositionValue.toDecimal(),
        });
      }
    }
  }
  if (maxOpenPositions !== undefined && open.length > maxOpenPositions) {
    const [actual, allowed] = [Quantity.of(open.length).toDecimal(), Quantity.of(maxOpenPositions).toDecimal()];
    breaches.push({ limit: 'maxOpenPositions', symbol: undefined, actual, allowed });
  }
  if (maxLeverage && values.length > 0) {
    const gross = values.reduce((sum, { value }) => sum.plus(value), Money.zero(equity.currency));
    const allowed = maxLeverage.mul(equity.toDecimal());
    if (gross.toDecimal().gt(allowed)) {
      breaches.push({ limit: 'maxLeverage', symbol: undefined, actual: gross.toDecimal(), allowed });
    }
  }
  return breaches;
}

/** The proposal's loss at its stop against the limit on risk; all of its value where it has no stop on the losing side. */
export function riskBreaches(limits: PortfolioLimits, equity: Money, proposal: Proposal): LimitBreach[] {
  if (!limits.maxRiskPerOrder) return [];
  const { price, stopLoss, quantity, multiplier, symbol } = proposal;
  const value = Money.notional(quantity, price, multiplier, equity.currency);
  const valueAtStop = stopLoss && Money.notional(quantity, stopLoss, multiplier, equity.currency);
  const loss = valueAtStop && (proposal.side === 'BUY' ? value.minus(valueAtStop) : valueAtStop.minus(value));
  const risk = loss?.isPositive ? loss : value;
  const allowed = limits.maxRiskPerOrder.mul(equity.toDecimal());
  return risk.toDecimal().gt(allowed) ? [{ limit: 'maxRiskPerOrder', symbol, actual: risk.toDecimal(), allowed }] : [];
}
