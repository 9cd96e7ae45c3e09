import { BlotterError } from '@blotter/domain';
import { AmbiguousCommitError } from '../errors.js';
import type { WaitOptions } from './interruption.js';
import { isRepeatable, pause } from './retry.js';

export interface UntilKnownOptions extends WaitOptions {
  /** The longest pause between two attempts, in milliseconds; 1,000 unless said otherwise. The first is a hundredth of it. */
  readonly maxPauseMs?: number | undefined;
}

/**
 * Sends a command, and sends the same command again while nobody knows whether it was committed. Every command of the book
 * carries an id, so it has one effect however often it is sent. Never look for its row instead: a backend that has lost its
 * client may still be committing, and the row may come later. The command sent again waits for that backend's locks.
 *
 * Once an attempt was ambiguous, what ends a later one without an answer (a refused connection, a deadline, a lock that is not
 * given up) says nothing of the first, so that is repeated too. Goes on for 60 seconds unless `timeoutMs` says otherwise.
 * @throws the command's own error when it is known that it had no effect; AmbiguousCommitError when time ran out, a signal was
 * aborted or the database was closed before anybody knew
 * @example await untilKnown(() => blotter.recordExecution(report), { timeoutMs: 30_000 });
 */
export async function untilKnown<Result>(
  command: () => Promise<Result>,
  { timeoutMs = 60_000, signal, maxPauseMs = 1_000 }: UntilKnownOptions = {},
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  let ambiguous: AmbiguousCommitError | undefined;
  for (let pauseMs = maxPauseMs / 100; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
    try {
      return await command();
    } catch (error) {
      if (error instanceof AmbiguousCommitError) ambiguous = error;
      else if (!ambiguous) throw error;
      else if (isLastWord(error)) throw new AmbiguousCommitError({ cause: error });
      else if (!leavesOpen(error)) throw error;
    }
    if (performance.now() + pauseMs >= deadline) throw ambiguous;
    await pause(pauseMs, signal).catch((error: unknown) => {
      throw new AmbiguousCommitError({ cause: error });
    });
  }
}

/** Ends of a wait that are not in the retry table, and that say nothing of an earlier attempt. */
const UNANSWERED: ReadonlySet<string> = new Set(['TIMEOUT', 'LOCK_TIMEOUT', 'RESOURCES_EXHAUSTED', 'POOL_EXHAUSTED']);

/** Ends that no repetition changes, and that say nothing of an earlier attempt either. */
const LAST_WORDS: ReadonlySet<string> = new Set([
  'ABORTED',
  'DATABASE_CLOSED',
  'AUTHENTICATION_FAILED',
  'DATABASE_MISSING',
]);

function isLastWord(error: unknown): boolean {
  return error instanceof BlotterError && LAST_WORDS.has(error.code);
}

function leavesOpen(error: unknown): boolean {
  return isRepeatable(error) || (error instanceof BlotterError && UNANSWERED.has(error.code));
}
