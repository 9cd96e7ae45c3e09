import { Interruption } from './interruption.js';
import { withRetry, type Retry, type RetryOptions } from './retry.js';
import type { TransactionOptions, UnitOfWork, UnitOfWorkFactory } from './unit-of-work.js';

/**
 * Work over one unit. Everything it reads and writes goes through the unit; it may run more than once, and `attempt` counts its
 * runs from 1. Work that takes no locks at first should take them when it is repeated, or repetitions run out where many
 * change the same portfolio.
 * @example transactions.executeWithRetry(async (unit, attempt) => {
 *   const portfolio = await (attempt === 1 ? unit.portfolios.get(id) : unit.portfolios.getForUpdate(id));
 *   unit.portfolios.save(portfolio.withLimits(limits));
 * });
 */
export type Work<Result, Unit extends UnitOfWork = UnitOfWork> = (unit: Unit, attempt: number) => Promise<Result>;

/** Runs work in transactions: committed when it returns, rolled back when it throws. */
export class TransactionManager<Unit extends UnitOfWork = UnitOfWork> implements UnitOfWorkFactory<Unit> {
  constructor(private readonly units: UnitOfWorkFactory<Unit>) {}

  /** A unit of work that you commit yourself: `await using unit = transactions.begin()`. */
  begin(options?: TransactionOptions): Unit {
    return this.units.begin(options);
  }

  /**
   * Runs the work once. The deadline and the signal end the wait for the work too, whatever it is doing; its unit has ended then.
   * @throws what the work throws, unchanged; else what `commit` throws
   */
  execute<Result>(work: Work<Result, Unit>, options: TransactionOptions = {}): Promise<Result> {
    return this.attempt(1, work, options);
  }

  /**
   * Runs the work, and repeats all of it on what a repetition can cure; see `RETRY_TABLE`. `timeoutMs` is for all attempts together.
   * @throws the error of the last attempt
   */
  executeWithRetry<Result>(work: Work<Result, Unit>, options: TransactionOptions & RetryOptions = {}): Promise<Result> {
    const { name, onRetry } = options;
    const observed = this.units.observe?.(name, (observe) =>
      this.repeat(work, options, onRetry ? both(observe, onRetry) : observe),
    );
    return observed ?? this.repeat(work, options, onRetry);
  }

  /** Runs several pieces of work in order, in one transaction: all of them are committed, or none. */
  executeBatch<Result>(works: readonly Work<Result, Unit>[], options?: TransactionOptions): Promise<Result[]> {
    return this.execute(async (unit, attempt) => {
      const results: Result[] = [];
      for (const work of works) results.push(await work(unit, attempt));
      return results;
    }, options);
  }

  private repeat<Result>(
    work: Work<Result, Unit>,
    options: TransactionOptions & RetryOptions,
    onRetry: RetryOptions['onRetry'],
  ): Promise<Result> {
    const { timeoutMs, attempts, withinMs, initialDelayMs, maxDelayMs, signal, also } = options;
    // By name, for every command comes by here: a spread takes longer than all else of this. The type says that none is missing.
    const retry: { readonly [Option in keyof Required<RetryOptions>]: RetryOptions[Option] } = {
      attempts,
      withinMs,
      initialDelayMs,
      maxDelayMs,
      signal,
      also,
      onRetry,
    };
    if (timeoutMs === undefined) return withRetry((attempt) => this.attempt(attempt, work, options), retry);
    const deadline = performance.now() + timeoutMs;
    return withRetry(
      (attempt) => this.attempt(attempt, work, { ...options, timeoutMs: deadline - performance.now() }),
      { ...retry, withinMs: Math.min(timeoutMs, withinMs ?? timeoutMs) },
    );
  }

  private async attempt<Result>(
    attempt: number,
    work: Work<Result, Unit>,
    options: TransactionOptions,
  ): Promise<Result> {
    // The unit before our own watch: it must have ended when we stop waiting, or its rollback would wait for what it waits for.
    const unit = this.units.begin(options);
    try {
      const result = await this.whileWanted(() => work(unit, attempt), options);
      await unit.commit();
      return result;
    } catch (error) {
      await rolledBack(unit);
      throw error;
    }
  }

  private async whileWanted<Result>(work: () => Promise<Result>, options: TransactionOptions): Promise<Result> {
    const interruption = new Interruption(options);
    try {
      if (interruption.error) throw interruption.error;
      return await interruption.orInterrupted(work());
    } catch (error) {
      // Work that met its ended unit says only that; this is why.
      throw interruption.error ?? error;
    } finally {
      interruption.end();
    }
  }
}

function both(one: (retry: Retry) => void, other: (retry: Retry) => void): (retry: Retry) => void {
  return (retry) => {
    one(retry);
    other(retry);
  };
}

/** Never rejects: what went wrong with the work is what its caller needs to know, not what then went wrong with the rollback. */
async function rolledBack(unit: UnitOfWork): Promise<void> {
  try {
    await unit[Symbol.asyncDispose]();
  } catch {
    // An adapter's session is gone, and with it the transaction.
  }
}
