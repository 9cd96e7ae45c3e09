import { markToMarket, takeSnapshot, untilKnown } from '@blotter/application';
import { SnapshotId } from '@blotter/domain';
import type { Book } from './book.js';
import type { MarkClock } from './mark-clock.js';
import type { Tally } from './tally.js';
import type { Desk } from './trade-day.js';

/** Marks what was traded to the day's closes and keeps what the portfolio is worth: together, or not at all. */
export async function endDay(book: Book, desk: Desk, date: string, clock: MarkClock, tally: Tally): Promise<void> {
  const id = SnapshotId.of(book.ids.next());
  const quotes = desk.market.quotesOn(date);
  await untilKnown(() =>
    book.blotter.transactions.executeWithRetry(async (unit) => {
      const at = clock.next();
      await markToMarket(
        unit,
        quotes.map(({ symbol, today }) => ({ symbol, price: today.close, at })),
      );
      await takeSnapshot(unit, { id, portfolioId: desk.portfolioId, takenAt: desk.plan.hoursOn(date).close });
    }),
  );
  tally.snapshots += 1;
}
