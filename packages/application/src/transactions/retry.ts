import { BlotterError } from '@blotter/domain';
import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel';
import { DuplicateError } from '../errors.js';

export interface RetryOptions {
  /** Attempts in all; 10 unless said otherwise. */
  readonly attempts?: number | undefined;
  /** Milliseconds after which no new attempt begins; 30,000 unless said otherwise. */
  readonly withinMs?: number | undefined;
  /** The longest wait before the first repetition, in milliseconds; 5 unless said otherwise. It doubles each time. */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait before any repetition, in milliseconds; 1,000 unless said otherwise. */
  readonly maxDelayMs?: number | undefined;
  /** Ends the waiting; the attempt under way is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/** The codes of what a repetition can cure: nothing was written, and the reason is expected to pass. */
export const REPEATABLE_CODES: ReadonlySet<string> = new Set([
  'CONCURRENCY',
  'SERIALIZATION_FAILURE',
  'DEADLOCK',
  'CONNECTION_LOST',
  'SERVER_UNAVAILABLE',
]);

/** Whether the same work may succeed when it is repeated. Never for AmbiguousCommitError: its work may have been done. */
export function isRepeatable(error: unknown): boolean {
  if (error instanceof DuplicateError) return error.repeatable;
  return error instanceof BlotterError && REPEATABLE_CODES.has(error.code);
}

/**
 * Repeats work on what a repetition can cure, and on nothing else. Waits are random between 0 and a bound that doubles
 * ("full jitter": M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015).
 * @throws the error of the last attempt; the signal's reason when it was aborted
 */
export async function withRetry<Result>(work: () => Promise<Result>, options: RetryOptions = {}): Promise<Result> {
  const { attempts = 10, withinMs = 30_000, initialDelayMs = 5, maxDelayMs = 1_000, signal } = options;
  const deadline = Date.now() + withinMs;
  // Only the backoff is cockatiel's: its retry policy sits out the wait when it is aborted, and runs the work once more.
  let backoff = new ExponentialBackoff({
    initialDelay: initialDelayMs,
    maxDelay: maxDelayMs,
    generator: fullJitterGenerator,
  }).next();
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isRepeatable(error) || Date.now() + backoff.duration >= deadline) throw error;
    }
    await wait(backoff.duration, signal);
    backoff = backoff.next(undefined);
  }
}

/** @throws the signal's reason as soon as it is aborted */
function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    function abort(): void {
      clearTimeout(timer);
      // The reason is whatever the caller gave.
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
