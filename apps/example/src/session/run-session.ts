import type { Book } from './book.js';
import { endDay } from './end-day.js';
import type { MarkClock } from './mark-clock.js';
import type { Tally } from './tally.js';
import { together } from './together.js';
import { tradeDay, type Desk } from './trade-day.js';

interface SessionControl {
  /** Ends the session behind the day under way; nothing is left in flight. */
  readonly signal: AbortSignal;
  /** Called behind each day of each portfolio. */
  readonly onDay?: (() => void) | undefined;
}

/** Trades all days of all portfolios, the portfolios side by side. @throws the first failure, when all of them have stopped */
export async function runSession(
  book: Book,
  clock: MarkClock,
  desks: readonly Desk[],
  tally: Tally,
  control: SessionControl,
): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([control.signal, failure.signal]);
  await together(
    desks.map(async (desk) => {
      try {
        for (const date of desk.dates) {
          if (signal.aborted) return;
          await tradeDay(book, desk, date, tally);
          await endDay(book, desk, date, clock, tally);
          control.onDay?.();
        }
      } catch (error) {
        failure.abort();
        throw error;
      }
    }),
  );
}
