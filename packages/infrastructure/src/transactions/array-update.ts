import { toSnakeCase } from 'drizzle-orm/casing';
import { arrayParameter, arraysOf } from '../database/array-literal.js';
import type { PreparedWrite } from '../database/prepared-write.js';
import { bulkTable, textsOf, updateColumns, type BulkTable, type BulkWrite } from './bulk-table.js';
import { updateFrom } from './update-from.js';
import { subjectOf } from './write-subject.js';

/** One text for each table, which every session prepares once. */
const texts = new Map<BulkTable, string>();

/**
 * Some updates of one table as one statement, with an array for each column: a fifth of what they cost one by one, and without the
 * temporary table that a COPY needs. The arrays are in the order of the ids, and so are the locks, unless the planner joins by
 * hash: then two updates of the same rows may deadlock, and one is repeated. To lock in order first would cost a tenth (100 of
 * 100,000 orders: 4.7 ms, and 4.3 ms without).
 */
export function arrayUpdate(writes: readonly BulkWrite[]): PreparedWrite {
  const table = bulkTable(writes);
  let text = texts.get(table);
  if (text === undefined) texts.set(table, (text = textOf(table)));
  const columns = updateColumns(table);
  return {
    name: `${table.name}_update`,
    text,
    values: arraysOf(
      writes.map((write) => textsOf(write, columns)),
      columns,
    ),
    subjectOf: (fault) => subjectOf(fault, writes),
  };
}

function textOf(table: BulkTable): string {
  const columns = updateColumns(table);
  const typeOf = (column: string) =>
    table.types[table.columns.indexOf(column === 'expected' ? 'version' : column)] ?? '';
  const arrays = columns.map((column, index) => arrayParameter(`$${index + 1}`, typeOf(column)));
  const names = columns.map(toSnakeCase).join(', ');
  return updateFrom(table, `select * from unnest(${arrays.join(', ')}) as given (${names})`);
}
