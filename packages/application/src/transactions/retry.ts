import { BlotterError } from '@blotter/domain';
import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel';
import { AbortedError, DuplicateError } from '../errors.js';
import { Interruption } from './interruption.js';

/** A repetition that is about to come. */
export interface Retry {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** What it failed of. */
  readonly error: unknown;
  /** Milliseconds until the next one begins. */
  readonly waitMs: number;
}

export interface RetryOptions {
  /** Attempts in all; 10 unless said otherwise. */
  readonly attempts?: number | undefined;
  /** Milliseconds after which no new attempt begins; 30,000 unless said otherwise. */
  readonly withinMs?: number | undefined;
  /** The longest wait before the first repetition, in milliseconds; 5 unless said otherwise. It doubles each time. */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait before any repetition, in milliseconds; 1,000 unless said otherwise. */
  readonly maxDelayMs?: number | undefined;
  /** Ends the wait between attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Codes that are repeated by choice only, and that you choose; see `RETRY_TABLE`. */
  readonly also?: readonly RepeatableByChoice[] | undefined;
  /** Told of each repetition, before its wait. What it throws changes nothing. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/**
 * What is repeated, by the code of the error; what is not in the table never is. In all of these nothing was written.
 * `always`: the reason is expected to pass. `by choice`: it may last, and who waits for it should have said so.
 * The SQLSTATEs behind the codes are in the table of the PostgreSQL adapter, and in docs/reliability.md.
 */
export const RETRY_TABLE = {
  CONCURRENCY: 'always',
  SERIALIZATION_FAILURE: 'always',
  DEADLOCK: 'always',
  STATEMENT_OUTDATED: 'always',
  CONNECTION_LOST: 'always',
  CONNECTION_FAILED: 'always',
  SERVER_UNAVAILABLE: 'always',
  READ_ONLY_SERVER: 'always',
  LOCK_TIMEOUT: 'by choice',
  RESOURCES_EXHAUSTED: 'by choice',
} as const satisfies Readonly<Record<string, 'always' | 'by choice'>>;

type ByChoice<Table> = { [Code in keyof Table]: Table[Code] extends 'by choice' ? Code : never }[keyof Table];
export type RepeatableByChoice = ByChoice<typeof RETRY_TABLE>;

/** Whether the same work may succeed when it is repeated. Never for AmbiguousCommitError: its work may have been done. */
export function isRepeatable(error: unknown, also: readonly RepeatableByChoice[] = []): boolean {
  if (error instanceof DuplicateError) return error.repeatable;
  if (!(error instanceof BlotterError)) return false;
  const rule = (RETRY_TABLE as Readonly<Record<string, 'always' | 'by choice'>>)[error.code];
  return rule === 'always' || (rule === 'by choice' && also.some((code) => code === error.code));
}

/**
 * Repeats work on what a repetition can cure, and on nothing else. Waits are random between 0 and a bound that doubles
 * ("full jitter": M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015).
 * @throws the error of the last attempt; AbortedError when the signal was aborted between two
 */
export async function withRetry<Result>(
  /** Given the number of the attempt, from 1. */
  work: (attempt: number) => Promise<Result>,
  options: RetryOptions = {},
): Promise<Result> {
  const { attempts = 10, withinMs = 30_000, initialDelayMs = 5, maxDelayMs = 1_000, signal, also, onRetry } = options;
  const deadline = performance.now() + withinMs;
  // Most work is not repeated, and needs none.
  let backoff: ReturnType<typeof firstBackoff> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    if (signal?.aborted) throw new AbortedError({ cause: signal.reason });
    try {
      return await work(attempt);
    } catch (error) {
      backoff = backoff ? backoff.next(undefined) : firstBackoff(initialDelayMs, maxDelayMs);
      if (attempt >= attempts || !isRepeatable(error, also) || performance.now() + backoff.duration >= deadline)
        throw error;
      tell(onRetry, { attempt, error, waitMs: backoff.duration });
    }
    await pause(backoff.duration, signal);
  }
}

/** Only the backoff is cockatiel's: its retry policy sits out the wait when it is aborted, and runs the work once more. */
function firstBackoff(initialDelay: number, maxDelay: number) {
  return new ExponentialBackoff({ initialDelay, maxDelay, generator: fullJitterGenerator }).next();
}

function tell(onRetry: RetryOptions['onRetry'], retry: Retry): void {
  try {
    onRetry?.(retry);
  } catch {
    // Whoever watches the work does not decide what becomes of it.
  }
}

/** Waits. @throws AbortedError as soon as the signal is aborted */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const interruption = new Interruption({ signal });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await interruption.orInterrupted(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
    );
  } finally {
    clearTimeout(timer);
    interruption.end();
  }
}
