import type { Ticker } from '@blotter/domain';
import type { DailyBar } from './daily-bar.js';

/** A symbol on one day: what was known before, and what the day then brought. */
export interface Quote {
  readonly symbol: Ticker;
  /** The days before today, oldest first. */
  readonly history: readonly DailyBar[];
  readonly today: DailyBar;
}

/** The days of several symbols, some of which have days that others have not. */
export class Market {
  /** Every day on which one of the symbols was traded, oldest first. */
  readonly dates: readonly string[];
  private readonly indexOf: ReadonlyMap<Ticker, ReadonlyMap<string, number>>;

  constructor(private readonly barsOf: ReadonlyMap<Ticker, readonly DailyBar[]>) {
    const dates = [...barsOf.values()].flatMap((bars) => bars.map(({ date }) => date));
    this.dates = [...new Set(dates)].sort();
    this.indexOf = new Map(
      [...barsOf].map(([symbol, bars]) => [symbol, new Map(bars.map(({ date }, index) => [date, index]))]),
    );
  }

  /** The symbols that were traded on the day. */
  quotesOn(date: string): readonly Quote[] {
    return [...this.barsOf].flatMap(([symbol, bars]) => {
      const index = this.indexOf.get(symbol)?.get(date);
      const today = index === undefined ? undefined : bars[index];
      return today ? [{ symbol, today, history: bars.slice(0, index) }] : [];
    });
  }
}
