import type { Write } from '@blotter/application';
import type { Transaction } from '../database/transaction.js';
import { sendWrite } from './send-write.js';

/** Sends the writes of a unit of work in their order, without waiting in between: a promise for each thing that was sent. */
export function sendWrites(transaction: Transaction, writes: readonly Write[]): Promise<unknown>[] {
  return writes.map((write) => sendWrite(transaction, write));
}
