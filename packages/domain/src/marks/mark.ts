import { Price } from '../values/price.js';
import { Ticker } from '../values/ticker.js';
import { Timestamp } from '../values/timestamp.js';

/** The last price of an instrument. One per symbol, the newest time wins; a tick never conflicts with a fill. */
export interface Mark {
  readonly symbol: Ticker;
  readonly price: Price;
  readonly at: Timestamp;
}

/** Reads every field again by its parser. @throws ValidationError */
export function checkedMark({ symbol, price, at }: Mark): Mark {
  return { symbol: Ticker.of(symbol), price: Price.of(price), at: Timestamp.of(at) };
}
