import type { Write } from '@blotter/application';
import type { PreparedWrite } from '../database/prepared-write.js';
import type { Transaction } from '../database/transaction.js';
import { arrayUpdate } from './array-update.js';
import type { BulkWrite } from './bulk-table.js';
import { sendInserts, sendUpdates } from './send-bulk.js';
import { smallWrites } from './small-writes.js';

/** From so many inserts of one kind on, COPY is faster than arrays. */
const MANY_INSERTS = 300;
/** From so many updates on, COPY pays for the temporary table that it needs. */
const MANY_UPDATES = 1_000;
/** From so many updates of one kind on, arrays are faster than a statement for each: 20 of them in 6 ms, and in 20 ms. */
const SOME_UPDATES = 4;

/** What is sent at a time: one statement, or a COPY with what belongs to it. */
type Sending = PreparedWrite | ((transaction: Transaction) => Promise<unknown>[]);

/** The writes of a unit of work, made into what will be sent, in their order. Nothing is sent yet. */
export type PreparedWrites = readonly Sending[];

/**
 * Few writes become one statement; where there are more of one kind, they go by arrays, and by COPY where there are many. What a
 * mapper throws it throws here, before anything is sent or a session is taken; the lines of a COPY alone are made on the way.
 */
export function prepareWrites(writes: readonly Write[]): PreparedWrites {
  if (!hasSomeAlike(writes)) return smallWrites(writes);
  const groups = alike(writes);
  if (!groups.some(isLarge)) return smallWrites(writes);
  return groups.flatMap((group): PreparedWrites => {
    if (!isLarge(group)) return smallWrites(group);
    if (group[0]?.action !== 'update') return [(transaction) => sendInserts(transaction, group)];
    return [group.length < MANY_UPDATES ? arrayUpdate(group) : (transaction) => sendUpdates(transaction, group)];
  });
}

/** Sends the writes without waiting in between: a promise for each thing that was sent. */
export function sendWrites(transaction: Transaction, writes: PreparedWrites): Promise<unknown>[] {
  return writes.flatMap((write) => (typeof write === 'function' ? write(transaction) : [transaction.write(write)]));
}

/** The one statement that a whole write set is; undefined where it takes several. */
export function loneWrite([first, ...others]: PreparedWrites): PreparedWrite | undefined {
  return others.length > 0 || typeof first === 'function' ? undefined : first;
}

/**
 * Whether there may be a large group at all. In the order of the write set those of a kind stand together, but for removals, which
 * are never many.
 */
function hasSomeAlike(writes: readonly Write[]): boolean {
  return writes.some(({ kind }, index) => writes[index + SOME_UPDATES - 1]?.kind === kind);
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

/** Whether these go in a way of their own: apart from the rest, as they are so many. */
function isLarge(group: readonly Write[]): group is readonly BulkWrite[] {
  if (!group.every(({ kind, action }) => kind !== 'mark' && action !== 'delete')) return false;
  return group.length >= (group[0]?.action === 'update' ? SOME_UPDATES : MANY_INSERTS);
}
