import { describe, expect, it } from 'vitest';
import { InMemoryBook } from '../testing/memory/in-memory-book.js';
import { TransactionManager } from './transaction-manager.js';
import type { UnitOfWork, UnitOfWorkFactory } from './unit-of-work.js';

/** Units that cannot be rolled back. */
function withoutRollback(): UnitOfWorkFactory {
  const book = new InMemoryBook();
  const fails = { [Symbol.asyncDispose]: () => Promise.reject(new Error('the rollback')) };
  return { begin: (options) => Object.assign<UnitOfWork, Partial<UnitOfWork>>(book.begin(options), fails) };
}

describe('work that throws', () => {
  const transactions = new TransactionManager(withoutRollback());

  it.each([
    ['later', () => Promise.reject(new Error('the work'))],
    [
      'before it waits for anything',
      () => {
        throw new Error('the work');
      },
    ],
  ])('%s is told as what it is, though its rollback fails too', async (_, work) => {
    await expect(transactions.execute(work)).rejects.toThrow('the work');
    await expect(transactions.executeWithRetry(work)).rejects.toThrow('the work');
  });
});
