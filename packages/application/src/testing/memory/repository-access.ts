import type { WriteSet } from '../../transactions/write-set.js';
import type { BookRows, BookView, RowKind } from './book-rows.js';

/** How a reader sees the book. What `read` throws ends the unit of work, so what is the caller's mistake is found before. */
export type Ask = <Result>(read: (view: BookView) => Result) => Promise<Result>;

/** What a unit of work gives to its repositories. */
export interface RepositoryAccess {
  readonly ask: Ask;
  /** The row whose id is found, locked until the unit ends; undefined when there is none. */
  lock<Kind extends RowKind>(
    kind: Kind,
    find: (view: BookView) => string | undefined,
  ): Promise<BookRows[Kind] | undefined>;
  /** Where writes are registered. @throws TransactionNotActiveError */
  writes(): WriteSet;
}

/** What was found of what was looked for. */
export async function allThere<Row>(rows: readonly Promise<Row | undefined>[]): Promise<Row[]> {
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}
