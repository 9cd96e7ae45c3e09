import { Price, Quantity } from '@blotter/domain';
import type { DailyBar } from './daily-bar.js';

type AnyBar = Partial<Record<keyof DailyBar, string>>;

/** A bar for tests: quiet at 100 unless said otherwise. */
export function anyBar({
  date = '2015-01-02',
  close = '100',
  open = close,
  high,
  low,
  volume = '1000000',
}: AnyBar = {}): DailyBar {
  const [opened, closed] = [Price.of(open), Price.of(close)];
  const [less, more] = opened.compare(closed) <= 0 ? [opened, closed] : [closed, opened];
  return {
    date,
    open: opened,
    close: closed,
    high: high === undefined ? more : Price.of(high),
    low: low === undefined ? less : Price.of(low),
    volume: Quantity.of(volume),
  };
}

/** Bars of successive days with these closes. */
export function barsOfCloses(...closes: readonly string[]): readonly DailyBar[] {
  return closes.map((close, index) =>
    anyBar({ close, date: new Date(Date.UTC(2015, 0, 2 + index)).toISOString().slice(0, 10) }),
  );
}
