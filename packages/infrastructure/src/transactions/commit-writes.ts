import type { Write } from '@blotter/application';
import { translateError } from '../database/translate-error.js';
import type { Begun, LeasedTransaction } from './leased-transaction.js';
import { sendWrites, writesAlone } from './send-writes.js';

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
  const alone = hasBegun || !lease.mayBeAlone ? undefined : writesAlone(writes);
  if (alone) return lease.commitAlone(alone);
  const { session, transaction } = await begin();
  const sent = sendWrites(transaction, writes);
  const results = await Promise.allSettled([...sent, transaction.commit()]);
  const commit = results.at(-1);
  const error = commit?.status === 'rejected' ? translateError(commit.reason) : undefined;
  lease.endCommitted(session, error);
  if (error) throw error;
}
