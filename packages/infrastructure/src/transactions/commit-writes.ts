import type { Write } from '@blotter/application';
import { translateError } from '../database/translate-error.js';
import type { Begun, LeasedTransaction } from './leased-transaction.js';
import { loneWrite, prepareWrites, sendWrites, type PreparedWrites } from './send-writes.js';

/**
 * Sends what is left to be written and commits, in one burst; where nothing was sent yet and one statement does it, that is the
 * whole transaction. The lease has ended then. @throws what the writes or COMMIT were answered
 */
export async function commitWrites(
  lease: LeasedTransaction,
  begin: () => Promise<Begun>,
  hasBegun: boolean,
  writes: readonly Write[],
): Promise<void> {
  let prepared: PreparedWrites;
  try {
    prepared = prepareWrites(writes);
  } catch (error) {
    const failure = translateError(error);
    if (hasBegun) await lease.endRolledBack(await begin(), failure);
    else lease.cancel(false, failure);
    throw failure;
  }
  const alone = hasBegun || !lease.mayBeAlone ? undefined : loneWrite(prepared);
  if (alone) return lease.commitAlone(alone);
  const { session, transaction } = await begin();
  const sent = sendWrites(transaction, prepared);
  const results = await Promise.allSettled([...sent, transaction.commit()]);
  const commit = results.at(-1);
  const error = commit?.status === 'rejected' ? translateError(commit.reason) : undefined;
  lease.endCommitted(session, error);
  if (error) throw error;
}
