import { Decimal, type Price } from '@blotter/domain';
import type { Strategy } from './target.js';

interface CrossoverOptions {
  /** Days of the fast average; fewer than those of the slow one. */
  readonly fast: number;
  readonly slow: number;
}

/**
 * Long while the fast moving average of the closes is above the slow one, short while it is below, so every crossing is
 * a flip; when they are equal, what is held stays (W. Brock, J. Lakonishok, B. LeBaron, Simple Technical Trading Rules
 * and the Stochastic Properties of Stock Returns, Journal of Finance 47(5), 1992, without their band).
 */
export function movingAverageCrossover({ fast, slow }: CrossoverOptions): Strategy {
  return (history, held) => {
    if (history.length < slow) return undefined;
    const closes = history.slice(-slow).map(({ close }) => close);
    // sum/fast against sum/slow, multiplied out: nothing is divided, so nothing is rounded.
    const difference = sumOf(closes.slice(-fast)).times(slow).comparedTo(sumOf(closes).times(fast));
    if (difference === 0) return held;
    return difference > 0 ? 'LONG' : 'SHORT';
  };
}

function sumOf(prices: readonly Price[]): Decimal {
  return prices.reduce((sum, price) => sum.plus(price.toDecimal()), new Decimal(0));
}
