import type { Write } from '@blotter/application';
import type { PreparedWrite } from '../database/prepared-write.js';
import type { Transaction } from '../database/transaction.js';
import type { BulkWrite } from './bulk-table.js';
import { sendInserts, sendUpdates } from './send-bulk.js';
import { smallWrites } from './small-writes.js';

/** From so many writes of one kind on, COPY is faster than a statement for each. */
const MANY = 300;

/**
 * Sends the writes of a unit of work in their order, without waiting in between: a promise for each thing that was sent. Where
 * there are many of one kind, they go by COPY.
 */
export function sendWrites(transaction: Transaction, writes: readonly Write[]): Promise<unknown>[] {
  const small = (few: readonly Write[]) => smallWrites(few).map((write) => transaction.write(write));
  if (writes.length < MANY) return small(writes);
  return alike(writes).flatMap((group) => {
    if (group.length < MANY || !isBulk(group)) return small(group);
    return group[0]?.action === 'update' ? sendUpdates(transaction, group) : sendInserts(transaction, group);
  });
}

/** The one statement that a whole write set is; undefined where it takes several. */
export function writesAlone(writes: readonly Write[]): PreparedWrite | undefined {
  if (writes.length >= MANY) return undefined;
  const [first, ...others] = smallWrites(writes);
  return others.length === 0 ? first : undefined;
}

/** In groups of one kind and action, each where its first write was: closing positions stay before those that open. */
function alike(writes: readonly Write[]): Write[][] {
  const groups = new Map<string, Write[]>();
  for (const write of writes) {
    const opens = write.kind === 'position' && write.entity.isOpen;
    const key = `${write.kind} ${write.action} ${String(opens)}`;
    const group = groups.get(key);
    if (group) group.push(write);
    else groups.set(key, [write]);
  }
  return [...groups.values()];
}

function isBulk(group: readonly Write[]): group is readonly BulkWrite[] {
  return group.every(({ kind, action }) => kind !== 'mark' && action !== 'delete');
}
