import type { Decimal, Money, Price, Quantity, Ticker, Venue } from '@blotter/domain';

/** How the broker trades a symbol. */
export interface Instrument {
  readonly symbol: Ticker;
  readonly venue: Venue;
  /** Prices are whole numbers of it. */
  readonly tick: Price;
  /** Quantities are whole numbers of it. */
  readonly lot: Quantity;
  /** The largest share of a day's volume that one execution takes; an order larger than that comes in parts. */
  readonly executionShare: Decimal;
  /** The largest share of a day's volume that an order gets; the rest of it is not filled. */
  readonly dayShare: Decimal;
  readonly commission: CommissionSchedule;
}

/** What the broker takes for an execution. */
export type CommissionSchedule =
  | { readonly perUnit: Decimal; readonly minimum: Money }
  | { readonly shareOfNotional: Decimal; readonly minimum: Money };
