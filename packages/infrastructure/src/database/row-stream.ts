import type { Parameters, Statement, StatementRunner } from './statement.js';

/** Whatever reads the rows of a statement bit by bit, however many they are. */
export interface RowStreamer {
  stream<Row>(statement: Statement<Row[]>, parameters: Parameters): AsyncIterable<readonly Row[]>;
}

/** So many rows are one FETCH: a round trip costs nothing beside them, and two of them in memory are little. */
const ROWS_OF_A_FETCH = 1_000;

interface CursorOptions {
  /** Asks for the next rows before these are taken: server and program are at work at the same time. */
  readonly ahead: boolean;
}

/**
 * The rows of a statement by a cursor of the server's, inside a transaction. The names of cursors are few: each makes texts that are
 * prepared once for a session. Who stops early closes it.
 */
export async function* cursorRows<Row>(
  runner: StatementRunner,
  cursor: string,
  statement: Statement<Row[]>,
  parameters: Parameters,
  { ahead }: CursorOptions,
): AsyncGenerator<readonly Row[], void, undefined> {
  const fetching: Statement<Row[]> = {
    name: `${statement.name}_fetch`,
    text: `fetch forward ${ROWS_OF_A_FETCH} from ${cursor}`,
    valuesOf: () => [],
    rowsOf: (answer) => statement.rowsOf(answer),
  };
  const fetch = () => {
    const rows = runner.run(fetching, {});
    // Who stops meanwhile does not hear of it.
    rows.catch(() => undefined);
    return rows;
  };
  const declared = runner.run(declaring(cursor, statement), parameters);
  declared.catch(() => undefined);
  let next = fetch();
  await declared;
  let isOpen = true;
  try {
    for (;;) {
      const rows = await next;
      isOpen = rows.length === ROWS_OF_A_FETCH;
      if (isOpen && ahead) next = fetch();
      if (rows.length > 0) yield rows;
      if (!isOpen) return;
      if (!ahead) next = fetch();
    }
  } finally {
    // Where the transaction has ended, or failed, the cursor has too.
    await runner.run(closing(cursor), {}).catch(() => undefined);
  }
}

function declaring(cursor: string, statement: Statement<unknown>): Statement<unknown> {
  return {
    name: `${statement.name}_declare`,
    text: `declare ${cursor} no scroll cursor for ${statement.text}`,
    valuesOf: (parameters) => statement.valuesOf(parameters),
    rowsOf: () => undefined,
  };
}

function closing(cursor: string): Statement<unknown> {
  return { name: 'cursor_close', text: `close ${cursor}`, valuesOf: () => [], rowsOf: () => undefined };
}

/** Items one by one out of rows that come in batches. */
export async function* eachItem<Row, Item>(
  batches: AsyncIterable<readonly Row[]>,
  toItem: (row: Row) => Item,
): AsyncGenerator<Item, void, undefined> {
  for await (const rows of batches) for (const row of rows) yield toItem(row);
}
