import { Timestamp, type Mark } from '@blotter/domain';
import type { BookReader } from '@blotter/application';

/**
 * The times of a session's marks: real ones, each later than the one before and than every mark there is of the symbols.
 * Of a symbol the newest mark wins, and a session that replays 2015 comes after one that ended in 2019; so a mark bears
 * the time at which the book hears of the price, not the day that is replayed.
 */
export class MarkClock {
  static async after(read: BookReader, symbols: readonly Mark['symbol'][]): Promise<MarkClock> {
    const times = (await read.marks.findAll(symbols)).map(({ at }) => Timestamp.toDate(at).getTime());
    return new MarkClock(Math.max(0, ...times));
  }

  private constructor(private last: number) {}

  /** @param now in milliseconds */
  next(now = Date.now()): Timestamp {
    this.last = Math.max(this.last + 1, now);
    return Timestamp.of(new Date(this.last));
  }
}
