import { toSnakeCase } from 'drizzle-orm/casing';
import { copyLine } from '../database/copy-text.js';
import type { Transaction } from '../database/transaction.js';
import { bulkTable, textsOf, updateColumns, type BulkTable, type BulkWrite } from './bulk-table.js';
import { updateFrom } from './update-from.js';
import { subjectOf } from './write-subject.js';

/** So many rows are one COPY: a second's work for the server, well within the command timeout. */
const ROWS_OF_A_COPY = 100_000;

/** Sends many inserts into one table: by COPY. */
export function sendInserts(transaction: Transaction, writes: readonly BulkWrite[]): Promise<void>[] {
  const { name, columns } = bulkTable(writes);
  return copies(transaction, name, columns, writes);
}

/** Sends many updates of one table: by COPY into a temporary table, and from there in one statement. */
export function sendUpdates(transaction: Transaction, writes: readonly BulkWrite[]): Promise<void>[] {
  const table = bulkTable(writes);
  const stage = `${table.name}_stage`;
  return [
    transaction.execute(`${stage}_create`, createStage(table, stage)),
    ...copies(transaction, `pg_temp.${stage}`, updateColumns(table), writes),
    transaction.execute(`${table.name}_update`, updateFrom(table, `select * from pg_temp.${stage}`), (fault) =>
      subjectOf(fault, writes),
    ),
  ];
}

/** It ends with the transaction; an earlier flush may have left rows in it. */
function createStage({ name, changes }: BulkTable, stage: string): string {
  return `create temporary table if not exists ${stage} on commit drop
      as select id, version as expected, ${namesOf(changes)} from ${name} with no data;
    truncate pg_temp.${stage}`;
}

function copies(
  transaction: Transaction,
  table: string,
  columns: readonly string[],
  writes: readonly BulkWrite[],
): Promise<void>[] {
  const text = `copy ${table} (${namesOf(columns)}) from stdin`;
  return partsOf(writes).map((part) =>
    transaction.copyIn(text, linesOf(part, columns), (fault) => subjectOf(fault, part)),
  );
}

function partsOf(writes: readonly BulkWrite[]): (readonly BulkWrite[])[] {
  return Array.from({ length: Math.ceil(writes.length / ROWS_OF_A_COPY) }, (_, index) =>
    writes.slice(index * ROWS_OF_A_COPY, (index + 1) * ROWS_OF_A_COPY),
  );
}

/** Lines are made while the server takes those before: it is the slower of the two. */
function* linesOf(writes: readonly BulkWrite[], columns: readonly string[]): Generator<string> {
  for (const write of writes) yield copyLine(textsOf(write, columns));
}

function namesOf(columns: readonly string[]): string {
  return columns.map(toSnakeCase).join(', ');
}
