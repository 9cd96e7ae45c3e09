import { Price, Ticker, Timestamp } from '@blotter/domain';
import { Blotter } from '@blotter/application';
import { InMemoryBook } from '@blotter/application/testing';
import { describe, expect, it } from 'vitest';
import { MarkClock } from './mark-clock.js';

const symbol = Ticker.of('AAPL');

async function clockAfterMarkAt(at: string): Promise<MarkClock> {
  const book = new InMemoryBook();
  await new Blotter(book).markToMarket([{ symbol, price: Price.of(1), at: Timestamp.of(at) }]);
  return MarkClock.after(book.read, [symbol]);
}

const now = Date.parse('2026-01-05T12:00:00Z');

describe('the clock of the marks', () => {
  it('gives the real time', async () => {
    const clock = await clockAfterMarkAt('2019-12-31T21:00:00Z');
    expect(clock.next(now)).toBe('2026-01-05T12:00:00.000000Z');
  });

  it('never gives a time twice, nor an earlier one', async () => {
    const clock = await clockAfterMarkAt('2019-12-31T21:00:00Z');
    clock.next(now);
    expect(clock.next(now)).toBe('2026-01-05T12:00:00.001000Z');
    expect(clock.next(now - 5_000)).toBe('2026-01-05T12:00:00.002000Z');
  });

  it('gives a time after the marks there are, whatever the machine believes', async () => {
    const clock = await clockAfterMarkAt('2026-01-05T13:00:00.000001Z');
    expect(clock.next(now) > Timestamp.of('2026-01-05T13:00:00.000001Z')).toBe(true);
  });
});
