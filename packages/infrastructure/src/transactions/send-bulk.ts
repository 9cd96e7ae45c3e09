import { toSnakeCase } from 'drizzle-orm/casing';
import { copyLine } from '../database/copy-text.js';
import type { Transaction } from '../database/transaction.js';
import { bulkRow, bulkTable, type BulkTable, type BulkWrite } from './bulk-table.js';
import { subjectOf } from './write-subject.js';

/** So many rows are one COPY: a second's work for the server, well within the command timeout. */
const ROWS_OF_A_COPY = 100_000;

type Line = (write: BulkWrite) => string;

/** Sends many inserts into one table: by COPY. */
export function sendInserts(transaction: Transaction, writes: readonly BulkWrite[]): Promise<void>[] {
  const { name, columns } = bulkTable(writes);
  const lineOf: Line = (write) => `${copyLine(bulkRow(write), columns)}\n`;
  return copies(transaction, name, columns, writes, lineOf);
}

/**
 * Sends many updates of one table: by COPY into a temporary table, and from there in one statement. A row that is not there at
 * the version expected fails the transaction inside the server, as the update of one does: COMMIT may be behind it already.
 */
export function sendUpdates(transaction: Transaction, writes: readonly BulkWrite[]): Promise<void>[] {
  const table = bulkTable(writes);
  const stage = `${table.name}_stage`;
  const columns = ['id', ...table.changes];
  const lineOf: Line = (write) => `${copyLine(bulkRow(write), columns)}\t${expectedOf(write)}\n`;
  return [
    transaction.execute(`${stage}_create`, createStage(table, stage)),
    ...copies(transaction, `pg_temp.${stage}`, [...columns, 'expected'], writes, lineOf),
    transaction.execute(`${table.name}_update`, updateFrom(stage, table), (fault) => subjectOf(fault, writes)),
  ];
}

/** It ends with the transaction; an earlier flush may have left rows in it. */
function createStage({ name, changes }: BulkTable, stage: string): string {
  return `create temporary table if not exists ${stage} on commit drop
      as select id, ${namesOf(changes)}, version as expected from ${name} with no data;
    truncate pg_temp.${stage}`;
}

function updateFrom(stage: string, { kind, name, changes }: BulkTable): string {
  return `with changed as (
      update ${name} set ${changes
        .map(toSnakeCase)
        .map((column) => `${column} = stage.${column}`)
        .join(', ')}
      from pg_temp.${stage} as stage
      where ${name}.id = stage.id and ${name}.version = stage.expected
      returning ${name}.id)
    select require_one('${kind}', (select id from pg_temp.${stage} where id not in (select id from changed) limit 1), 0)
    where (select count(*) from changed) <> (select count(*) from pg_temp.${stage})`;
}

function copies(
  transaction: Transaction,
  table: string,
  columns: readonly string[],
  writes: readonly BulkWrite[],
  lineOf: Line,
): Promise<void>[] {
  const text = `copy ${table} (${namesOf(columns)}) from stdin`;
  return partsOf(writes).map((part) =>
    transaction.copyIn(text, mapped(part, lineOf), (fault) => subjectOf(fault, part)),
  );
}

function partsOf(writes: readonly BulkWrite[]): (readonly BulkWrite[])[] {
  return Array.from({ length: Math.ceil(writes.length / ROWS_OF_A_COPY) }, (_, index) =>
    writes.slice(index * ROWS_OF_A_COPY, (index + 1) * ROWS_OF_A_COPY),
  );
}

/** Lines are made while the server takes those before: it is the slower of the two. */
function* mapped(writes: readonly BulkWrite[], lineOf: Line): Generator<string> {
  for (const write of writes) yield lineOf(write);
}

function expectedOf(write: BulkWrite): number {
  return 'expected' in write ? write.expected : 0;
}

function namesOf(columns: readonly string[]): string {
  return columns.map(toSnakeCase).join(', ');
}
