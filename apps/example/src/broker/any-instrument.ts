import { Decimal, Money, Price, Quantity, Ticker, Venue } from '@blotter/domain';
import type { Instrument } from './instrument.js';

/** A share for tests, of which one execution takes 1 % of the day's volume and one order 10 %. */
export function anyInstrument(changes: Partial<Instrument> = {}): Instrument {
  return {
    symbol: Ticker.of('AAPL'),
    venue: Venue.of('XNAS'),
    tick: Price.of('0.01'),
    lot: Quantity.of(1),
    executionShare: new Decimal('0.01'),
    dayShare: new Decimal('0.1'),
    commission: { perUnit: new Decimal('0.005'), minimum: Money.of('1', 'USD') },
    ...changes,
  };
}
