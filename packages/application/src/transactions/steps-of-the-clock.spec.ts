import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AmbiguousCommitError, ConcurrencyError } from '../errors.js';
import { InMemoryBook } from '../testing/index.js';
import { withRetry } from './retry.js';
import { TransactionManager } from './transaction-manager.js';
import { untilKnown } from './until-known.js';

const HOUR_MS = 3_600_000;
const conflict = new ConcurrencyError('order', 'some-id');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The wall clock is set, as by an operator or after a leap; no time passes. */
function stepClock(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

/** Work that fails so often, and in whose first attempt the clock is set. */
function steppedIn(step: number, error: Error, failures = 1): () => Promise<string> {
  let attempts = 0;
  return () => {
    attempts += 1;
    if (attempts === 1) stepClock(step);
    return attempts <= failures ? Promise.reject(error) : Promise.resolve('done');
  };
}

/** How the promise is settled within a minute of the timers. */
async function within(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'still at it';
  promise.then(
    (result) => (outcome = result),
    (error: unknown) => (outcome = error),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  return outcome;
}

test('a clock that is put forward takes no time from repetitions', async () => {
  const manager = new TransactionManager(new InMemoryBook());
  expect(await within(withRetry(steppedIn(HOUR_MS, conflict)))).toBe('done');
  expect(await within(untilKnown(steppedIn(HOUR_MS, new AmbiguousCommitError())))).toBe('done');
  expect(await within(manager.executeWithRetry(steppedIn(HOUR_MS, conflict), { timeoutMs: 10_000 }))).toBe('done');
});

test('a clock that is put back gives repetitions no more time', async () => {
  const ambiguous = new AmbiguousCommitError();
  const often = { attempts: Infinity, withinMs: 10_000 };
  expect(await within(withRetry(steppedIn(-HOUR_MS, conflict, Infinity), often))).toBe(conflict);
  expect(await within(untilKnown(steppedIn(-HOUR_MS, ambiguous, Infinity), { timeoutMs: 10_000 }))).toBe(ambiguous);
});
