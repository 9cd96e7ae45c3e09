import { afterAll, beforeAll, describe, it } from 'vitest';
import type { BookReader, UnitOfWorkFactory } from '../../transactions/unit-of-work.js';

/** An adapter under test. Every case makes its own portfolios under new ids, so all of them may share one book. */
export interface BookHarness {
  readonly factory: UnitOfWorkFactory;
  /** Reads outside units of work: what is committed. */
  readonly read: BookReader;
  close?(): Promise<void>;
}

export type MakeHarness = () => BookHarness | Promise<BookHarness>;

/** One thing that every adapter does. Throws when this one does not. */
export interface ContractCase {
  readonly name: string;
  readonly run: (harness: BookHarness) => Promise<void>;
}

/** The cases as tests of vitest, over one harness for all of them. */
export function describeContract(name: string, cases: readonly ContractCase[], makeHarness: MakeHarness): void {
  describe(name, () => {
    let harness: BookHarness;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterAll(async () => {
      await harness.close?.();
    });
    for (const { name: sentence, run } of cases) it(sentence, () => run(harness));
  });
}
