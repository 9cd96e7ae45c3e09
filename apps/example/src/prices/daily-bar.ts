import type { Price, Quantity } from '@blotter/domain';

/** What an instrument did on one exchange day. */
export interface DailyBar {
  /** The exchange's day, "2015-01-02". */
  readonly date: string;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Shares or coins traded. */
  readonly volume: Quantity;
}
