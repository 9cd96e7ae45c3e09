import type { Execution } from '../executions/execution.js';
import type { Money } from '../values/money.js';
import type { Price } from '../values/price.js';
import type { Quantity } from '../values/quantity.js';
import type { Timestamp } from '../values/timestamp.js';

/** What an execution, or the part of it on one side of zero, does to a position. Quantity and notional have the same sign. */
export interface Fill {
  readonly quantity: Quantity;
  readonly notional: Money;
  readonly commission: Money;
  readonly price: Price;
  readonly at: Timestamp;
}

export function fillOf(execution: Execution): Fill {
  return {
    quantity: execution.signedQuantity,
    notional: execution.signedNotional,
    commission: execution.commission,
    price: execution.price,
    at: execution.executedAt,
  };
}

/**
 * A fill that crosses zero, in two: the part that closes `held`, and the rest, which opens the other side.
 * Notional and commission of the closing part are pro rata and rounded once; the opening part is what remains.
 * (Rounding both misses the total in a quarter of random flips.)
 */
export function splitAtZero(fill: Fill, held: Quantity): { readonly closing: Fill; readonly opening: Fill } {
  const quantity = held.negated();
  const notional = fill.notional.prorata(quantity, fill.quantity);
  const commission = fill.commission.prorata(quantity, fill.quantity);
  return {
    closing: { ...fill, quantity, notional, commission },
    opening: {
      ...fill,
      quantity: fill.quantity.minus(quantity),
      notional: fill.notional.minus(notional),
      commission: fill.commission.minus(commission),
    },
  };
}
