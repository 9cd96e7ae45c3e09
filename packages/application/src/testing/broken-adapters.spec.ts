import { describe, expect, it } from 'vitest';
import type { TransactionOptions, UnitOfWork } from '../transactions/unit-of-work.js';
import type { Write } from '../transactions/write-set.js';
import type { ContractCase } from './contract/contract-case.js';
import { transactionManagerCases } from './contract/transaction-manager-contract.js';
import { unitOfWorkCases } from './contract/unit-of-work-contract.js';
import { useCaseCases } from './contract/use-case-contract.js';
import { InMemoryBook } from './memory/in-memory-book.js';
import { InMemoryTransaction } from './memory/in-memory-transaction.js';
import { InMemoryUnitOfWork } from './memory/in-memory-unit-of-work.js';

/** Keeps what it should undo. */
class WithoutRollback extends InMemoryBook {
  override begin(options?: TransactionOptions): UnitOfWork {
    return new InMemoryUnitOfWork(
      new (class extends InMemoryTransaction {
        override undo(): void {
          this.commit();
        }
      })(this.committed, this.locks, options),
      options,
    );
  }
}

/** Overwrites what others have changed. */
class WithoutConflicts extends InMemoryBook {
  override begin(options?: TransactionOptions): UnitOfWork {
    return new InMemoryUnitOfWork(
      new (class extends InMemoryTransaction {
        protected override checkVersion(): void {
          // The last one wins.
        }
      })(this.committed, this.locks, options),
      options,
    );
  }
}

/** Sends writes behind the caller's back, and forgets what became of them. */
class WithoutDeferredErrors extends InMemoryBook {
  override begin(options?: TransactionOptions): UnitOfWork {
    return new ForgetfulUnit(new InMemoryTransaction(this.committed, this.locks, options), options);
  }
}

class ForgetfulUnit extends InMemoryUnitOfWork {
  protected override async send(writes: readonly Write[]): Promise<void> {
    await super.send(writes).catch(() => undefined);
  }

  protected override forSavepoint(
    ...given: Required<ConstructorParameters<typeof InMemoryUnitOfWork>>
  ): InMemoryUnitOfWork {
    return new ForgetfulUnit(...given);
  }
}

describe('the contract of units of work', () => {
  it('is kept by the adapter in memory, case by case on a book of its own', async () => {
    const cases = [...unitOfWorkCases(), ...transactionManagerCases(), ...useCaseCases()];
    expect(await failing(cases, InMemoryBook)).toEqual([]);
  });

  it('is failed by an adapter that does not roll back', async () => {
    const failed = await failing(unitOfWorkCases(), WithoutRollback);
    expect(failed).toEqual(
      expect.arrayContaining([
        'stores nothing of what was saved, sent or not, when it is rolled back',
        'is rolled back at the end of its block unless it was committed',
        'stores nothing of a unit in which one write failed',
      ]),
    );
    expect(await failing(transactionManagerCases(), WithoutRollback)).toEqual(
      expect.arrayContaining([
        'rolls back when the work throws, and passes the error on unchanged',
        'stores nothing of a batch in which one piece fails, and does not run the rest',
      ]),
    );
  });

  it('is failed by an adapter that misses conflicts', async () => {
    const failed = await failing(unitOfWorkCases(), WithoutConflicts);
    expect(failed).toEqual(
      expect.arrayContaining([
        'says nothing of a stale save when it is registered, and reports it at flush',
        'says nothing of a stale save when it is registered, and reports it at commit',
        'lets one of two units win that change the same version, and tells the other when it has waited',
      ]),
    );
    expect(await failing(transactionManagerCases(), WithoutConflicts)).toContain(
      'repeats all of the work when another unit came first, and keeps nothing of the failed attempt',
    );
  });

  it('is failed by an adapter that loses deferred errors', async () => {
    const failed = await failing(unitOfWorkCases(), WithoutDeferredErrors);
    expect(failed).toEqual(
      expect.arrayContaining([
        'says nothing of a stale save when it is registered, and reports it at commit',
        'reports a stale save at the next read of anything',
        'reports the first error of several, and never its echo',
        'undoes a savepoint whose last writes fail, and stays active',
        'refuses to write in a unit that may only read',
      ]),
    );
  });

  it('passes the broken adapters where they are not broken: the cases fail for their reason, and not for any', async () => {
    for (const broken of [WithoutRollback, WithoutConflicts, WithoutDeferredErrors]) {
      const failed = await failing(unitOfWorkCases(), broken);
      expect(failed).not.toContain('stores what was saved when it is committed, and ends');
      expect(failed).not.toContain('sees what it saved before a read, and nobody else does before the commit');
    }
  });
});

/** A broken adapter may keep a lock for ever; such a case has failed too. */
const PATIENCE_MS = 2_000;

async function failing(cases: readonly ContractCase[], Book: new () => InMemoryBook): Promise<string[]> {
  const results = await Promise.all(
    cases.map(async ({ name, run }) => {
      const book = new Book();
      const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
      const passed = run({ factory: book, read: book.read }).then(
        () => true,
        () => false,
      );
      return { name, passed: await Promise.race([passed, late]) };
    }),
  );
  return results.filter(({ passed }) => !passed).map(({ name }) => name);
}
