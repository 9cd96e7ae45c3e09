import { BlotterError } from '@blotter/domain';
import type { Database } from '@blotter/infrastructure';

/** How long work may take to end in order once it was interrupted. Docker kills ten seconds after SIGTERM. */
const DRAIN_MS = 5_000;

/** What work is told that was under way at the end of the drain time: rolled back, or committing and without an answer. */
const CUT_SHORT: ReadonlySet<string> = new Set(['DATABASE_CLOSED', 'AMBIGUOUS_COMMIT']);

/**
 * Closes the database when the drain time is over that begins with the signal: whatever waits then (for a lock, for a server that
 * says nothing) is ended. Nothing that was committed is lost by it.
 */
export function drainAfter(signal: AbortSignal, database: Pick<Database, 'close'>, drainMs = DRAIN_MS): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => void database.close({ drainMs: 0 }), drainMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}

/** Whether the error says no more than that the drain time was over. */
export function wasCutShort(error: unknown): boolean {
  return error instanceof BlotterError && CUT_SHORT.has(error.code);
}
