import { toSnakeCase } from 'drizzle-orm/casing';
import { arrayLiteral } from '../database/array-literal.js';
import type { PreparedWrite } from '../database/prepared-write.js';
import { bulkRow, bulkTable, type BulkTable, type BulkWrite } from './bulk-table.js';
import { subjectOf } from './write-subject.js';

/** One text for each table, which every session prepares once. */
const texts = new Map<BulkTable, string>();

/**
 * Some updates of one table as one statement, with an array for each column: a fifth of what they cost one by one, and without the
 * temporary table that a COPY needs. The rows are found in the order of the arrays, which is that of the ids.
 */
export function arrayUpdate(writes: readonly BulkWrite[]): PreparedWrite {
  const table = bulkTable(writes);
  let text = texts.get(table);
  if (text === undefined) texts.set(table, (text = textOf(table)));
  const rows = writes.map((write) => ({ row: bulkRow(write), expected: 'expected' in write ? write.expected : 0 }));
  const arrays = ['id', ...table.changes].map((column) => arrayLiteral(rows.map(({ row }) => textIn(row[column]))));
  return {
    name: `${table.name}_update`,
    text,
    values: [arrayLiteral(rows.map(({ expected }) => String(expected))), ...arrays],
    subjectOf: (fault) => subjectOf(fault, writes),
  };
}

/** A row that is not there at the version expected fails inside the server, as in the update of one. */
function textOf({ kind, name, columns, types, changes }: BulkTable): string {
  const given = ['id', ...changes];
  const arrays = given.map((column, index) => `$${index + 2}::${types[columns.indexOf(column)] ?? ''}[]`);
  const names = given.map(toSnakeCase).join(', ');
  const sets = changes.map(toSnakeCase).map((column) => `${column} = given.${column}`);
  return `with given as (select * from unnest($1::integer[], ${arrays.join(', ')}) as given (expected, ${names})),
    changed as (
      update ${name} set ${sets.join(', ')} from given
      where ${name}.id = given.id and ${name}.version = given.expected
      returning ${name}.id)
    select require_one('${kind}', (select id from given where id not in (select id from changed) limit 1), 0)
    where (select count(*) from changed) <> (select count(*) from given)`;
}

function textIn(value: ReturnType<typeof bulkRow>[string] | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
