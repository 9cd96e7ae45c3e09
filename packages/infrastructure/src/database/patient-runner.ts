import { Interruption, type WaitOptions } from '@blotter/application';
import type { Parameters, Statement, StatementRunner } from './statement.js';

/** Reads that are waited for no longer than the caller wants; a late answer is discarded, and disturbs nobody. */
export class PatientRunner implements StatementRunner {
  constructor(
    private readonly runner: StatementRunner,
    private readonly wait: WaitOptions,
  ) {}

  async run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const interruption = new Interruption(this.wait);
    try {
      if (interruption.error) throw interruption.error;
      return await interruption.orInterrupted(this.runner.run(statement, parameters));
    } finally {
      interruption.end();
    }
  }
}
