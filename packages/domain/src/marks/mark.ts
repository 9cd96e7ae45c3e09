import type { Price } from '../values/price.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';

/** The last price of an instrument. One per symbol, the newest time wins; a tick never conflicts with a fill. */
export interface Mark {
  readonly symbol: Ticker;
  readonly price: Price;
  readonly at: Timestamp;
}
