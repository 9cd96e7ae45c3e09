import { Price, type OrderSide, type OrderTerms } from '@blotter/domain';
import type { DailyBar } from '../prices/daily-bar.js';

const BASIS_POINTS = 10_000;

/**
 * The price of an execution near the open: the open, worse by the slippage, within the day's range, on the tick.
 * A limit order gets its limit at worst, and when the open is beyond it, its limit should the day reach it.
 * Undefined when the day does not.
 */
export function fillPrice(
  bar: DailyBar,
  side: OrderSide,
  terms: OrderTerms,
  tick: Price,
  slippageInBasisPoints: number,
): Price | undefined {
  const worse = side === 'BUY' ? 1 : -1;
  const slipped = Price.of(
    bar.open
      .toDecimal()
      .times(BASIS_POINTS + worse * slippageInBasisPoints)
      .dividedBy(BASIS_POINTS),
  );
  const market = within(slipped, bar).roundToTick(tick);
  const limit = terms.limitPrice;
  if (!limit || isAtLeastAsGood(market, limit, side)) return market;
  const best = side === 'BUY' ? bar.low : bar.high;
  return isAtLeastAsGood(best, limit, side) ? limit : undefined;
}

function within(price: Price, { low, high }: DailyBar): Price {
  if (price.compare(low) < 0) return low;
  return price.compare(high) > 0 ? high : price;
}

function isAtLeastAsGood(price: Price, limit: Price, side: OrderSide): boolean {
  return side === 'BUY' ? price.compare(limit) <= 0 : price.compare(limit) >= 0;
}
