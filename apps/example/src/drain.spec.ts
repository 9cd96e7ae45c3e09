import { getEventListeners } from 'node:events';
import { AmbiguousCommitError, DatabaseClosedError, LimitBreachedError } from '@blotter/application';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drainAfter, wasCutShort } from './drain.js';

/** A database that notes how it is closed. */
function openDatabase() {
  const closed: unknown[] = [];
  return { closed, close: (options: unknown) => Promise.resolve(void closed.push(options)) };
}

describe('the drain time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(['before', 'after'])('ends what waits, so long behind a signal that came %s it was waited for', (when) => {
    const [controller, database] = [new AbortController(), openDatabase()];
    if (when === 'before') controller.abort();
    drainAfter(controller.signal, database, 1_000);
    controller.abort();
    vi.advanceTimersByTime(999);
    expect(database.closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(database.closed).toEqual([{ drainMs: 0 }]);
  });

  it('ends nothing when everything has ended in order, and keeps neither timer nor listener', () => {
    const [early, late, database] = [new AbortController(), new AbortController(), openDatabase()];
    early.abort();
    for (const { signal } of [early, late]) drainAfter(signal, database, 1_000)[Symbol.dispose]();
    late.abort();
    vi.runAllTimers();
    expect(database.closed).toEqual([]);
    expect(getEventListeners(late.signal, 'abort')).toEqual([]);
  });

  it('is what work says that was rolled back by it, or was committing', () => {
    expect([new DatabaseClosedError(), new AmbiguousCommitError()].map(wasCutShort)).toEqual([true, true]);
    expect([new LimitBreachedError('some-id', []), new Error('a mistake')].map(wasCutShort)).toEqual([false, false]);
  });
});
