import type { Session } from '../database/session.js';

/**
 * What is CONCURRENTLY waits for old transactions to end, and nobody waits behind it: cut off by lock_timeout, it would
 * leave an invalid index for nothing.
 */
export async function unhurried(session: Session, work: () => Promise<void>): Promise<void> {
  await session.query('set lock_timeout = 0');
  try {
    await work();
  } finally {
    if (session.isUsable) await session.query('reset lock_timeout');
  }
}
