import { TransactionConflictError } from '../../errors.js';

interface Lock {
  owner: object;
  readonly queue: { readonly owner: object; readonly grant: () => void }[];
}

/**
 * Locks by name, each held by one owner at a time and handed on first come, first served.
 * An owner waits for one lock at most, so a circle is found by following holders, and the last to join it is refused.
 */
export class LockTable {
  private readonly locks = new Map<string, Lock>();
  private readonly waiting = new Map<object, Lock>();

  /** Waits until the owner has the lock. Whether it is new to the owner. @throws TransactionConflictError DEADLOCK */
  async acquire(name: string, owner: object): Promise<boolean> {
    const lock = this.locks.get(name);
    if (!lock) {
      this.locks.set(name, { owner, queue: [] });
      return true;
    }
    if (lock.owner === owner) return false;
    if (this.waitsFor(lock.owner, owner)) throw new TransactionConflictError('DEADLOCK');
    this.waiting.set(owner, lock);
    await new Promise<void>((grant) => lock.queue.push({ owner, grant }));
    return true;
  }

  release(name: string, owner: object): void {
    const lock = this.locks.get(name);
    if (lock?.owner !== owner) return;
    const next = lock.queue.shift();
    if (!next) {
      this.locks.delete(name);
      return;
    }
    lock.owner = next.owner;
    this.waiting.delete(next.owner);
    next.grant();
  }

  /** Whether `holder` waits, through however many others, for something that `owner` holds. */
  private waitsFor(holder: object, owner: object): boolean {
    for (let current = this.waiting.get(holder); current; current = this.waiting.get(current.owner)) {
      if (current.owner === owner) return true;
    }
    return false;
  }
}
