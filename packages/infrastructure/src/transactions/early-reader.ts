import type { Parameters, Statement } from '../database/statement.js';

/** What a unit of work reads before its transaction has begun. */
export interface EarlyReader {
  /**
   * Runs a read of the newest committed state, outside of the transaction as long as that has not begun.
   * @param turn units of this process that name the same one run one after another, from this read to their end
   */
  runEarly<Rows>(turn: string, statement: Statement<Rows>, parameters: Parameters): Promise<Rows>;
}
