import { withRetry, type RetryOptions } from './retry.js';
import type { TransactionOptions, UnitOfWork, UnitOfWorkFactory } from './unit-of-work.js';

/** Work over one unit. Everything it reads and writes goes through the unit; it may run more than once. */
export type Work<Result, Unit extends UnitOfWork = UnitOfWork> = (unit: Unit) => Promise<Result>;

/** Runs work in transactions: committed when it returns, rolled back when it throws. */
export class TransactionManager<Unit extends UnitOfWork = UnitOfWork> implements UnitOfWorkFactory<Unit> {
  constructor(private readonly units: UnitOfWorkFactory<Unit>) {}

  /** A unit of work that you commit yourself: `await using unit = transactions.begin()`. */
  begin(options?: TransactionOptions): Unit {
    return this.units.begin(options);
  }

  /** Runs the work once. @throws what the work throws, unchanged; else what `commit` throws */
  async execute<Result>(work: Work<Result, Unit>, options?: TransactionOptions): Promise<Result> {
    await using unit = this.units.begin(options);
    const result = await work(unit);
    await unit.commit();
    return result;
  }

  /** Runs the work, and repeats all of it on what a repetition can cure; see `isRepeatable`. @throws the error of the last attempt */
  executeWithRetry<Result>(work: Work<Result, Unit>, options: TransactionOptions & RetryOptions = {}): Promise<Result> {
    return withRetry(() => this.execute(work, options), options);
  }

  /** Runs several pieces of work in order, in one transaction: all of them are committed, or none. */
  executeBatch<Result>(works: readonly Work<Result, Unit>[], options?: TransactionOptions): Promise<Result[]> {
    return this.execute(async (unit) => {
      const results: Result[] = [];
      for (const work of works) results.push(await work(unit));
      return results;
    }, options);
  }
}
