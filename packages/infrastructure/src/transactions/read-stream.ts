import { TransactionNotActiveError } from '@blotter/application';
import { cursorRows } from '../database/row-stream.js';
import type { Parameters, Statement } from '../database/statement.js';
import type { PostgresUnitOfWork } from './postgres-unit-of-work.js';

/** The rows of a statement in a transaction of their own, so that no short read waits behind them. */
export async function* readStream<Row>(
  begin: () => PostgresUnitOfWork,
  statement: Statement<Row[]>,
  parameters: Parameters,
): AsyncGenerator<readonly Row[], void, undefined> {
  await using unit = begin();
  try {
    yield* cursorRows(unit, 'stream', statement, parameters, { ahead: true });
    // All rows were given: what may have ended a transaction that only reads meanwhile is no error of theirs.
    await unit.commit().catch(() => undefined);
  } catch (error) {
    // What ended the transaction while the rows were looked at is the reason, not that it has ended.
    throw error instanceof TransactionNotActiveError ? (error.cause ?? error) : error;
  }
}
