import type { Price } from '@blotter/domain';
import type { DailyBar } from '../prices/daily-bar.js';
import type { Strategy } from './target.js';

interface BreakoutOptions {
  /** Days of the channel whose top is to be broken. */
  readonly entry: number;
  /** Days of the channel whose bottom ends it; fewer than those of the entry. */
  readonly exit: number;
}

/**
 * Long from the close above the highest high of the days before it, flat from the close below the lowest low of fewer
 * days before it: Donchian's channel, entered and left as the turtles did (C. Faith, The Original Turtle Trading Rules,
 * 2003). Never short: the coins that one would have to borrow are not on this venue.
 */
export function channelBreakout({ entry, exit }: BreakoutOptions): Strategy {
  return (history, held) => {
    const yesterday = history.at(-1);
    if (!yesterday || history.length <= Math.max(entry, exit)) return undefined;
    const before = (days: number) => history.slice(-1 - days, -1);
    if (held === 'LONG') return yesterday.close.compare(lowest(before(exit))) < 0 ? 'FLAT' : 'LONG';
    return yesterday.close.compare(highest(before(entry))) > 0 ? 'LONG' : 'FLAT';
  };
}

function highest(bars: readonly DailyBar[]): Price {
  return bars.map(({ high }) => high).reduce((a, b) => (a.compare(b) >= 0 ? a : b));
}

function lowest(bars: readonly DailyBar[]): Price {
  return bars.map(({ low }) => low).reduce((a, b) => (a.compare(b) <= 0 ? a : b));
}
