import { ValidationError } from '../errors.js';
import type { Brand } from './brand.js';

/** A tradable instrument's symbol (FIX tag 55): "AAPL", "BTC-USD", "BRK.B", "EUR/USD". The type of every `symbol` field. */
export type Ticker = Brand<'Ticker'>;

const FORMAT = /^[A-Z0-9][A-Z0-9.\-/:_=^]{0,31}$/;

export const Ticker = {
  /** @throws ValidationError INVALID_TICKER. Lower case is refused, not raised: "aapl" and "AAPL" must not become two positions. */
  of(text: string): Ticker {
    if (typeof text !== 'string' || !FORMAT.test(text)) {
      throw new ValidationError(
        'INVALID_TICKER',
        'A symbol is 1 to 32 of A-Z, 0-9 and . - / : _ = ^, beginning with a letter or digit, such as "AAPL" or "BTC-USD".',
      );
    }
    return text as Ticker;
  },
};
