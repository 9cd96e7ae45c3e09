import type { Write } from '@blotter/application';
import { toCamelCase } from 'drizzle-orm/casing';
import { failingRow, type PostgresFault } from '../database/postgres-fault.js';
import type { Subject } from '../database/translate-error.js';
import { bulkTable, textsOf, type BulkWrite } from './bulk-table.js';

/** The write that the server refused, of those that it was sent in one statement. */
export function subjectOf(fault: PostgresFault, writes: readonly BulkWrite[]): Subject | undefined {
  const ofTable = writes.length === 1 ? writes : writes.filter((write) => bulkTable([write]).name === fault.table);
  const [first, ...others] = ofTable;
  const write = others.length === 0 ? first : writeAt(fault, ofTable);
  return write && subjectOfWrite(write);
}

export function subjectOfWrite(write: Write): Subject {
  if (write.kind === 'mark') return { entity: write.kind, id: write.fact.symbol };
  return { entity: write.kind, id: 'entity' in write ? write.entity.id : write.fact.id };
}

/** That of the line that the server names, or of the key. */
function writeAt(fault: PostgresFault, writes: readonly BulkWrite[]): BulkWrite | undefined {
  if (fault.copyLine !== undefined) return writes[fault.copyLine - 1];
  // An update may have the key that a new row is refused for, and passes: it has had it before.
  const isUpdate = ({ action }: BulkWrite) => action === 'update';
  const newFirst = [...writes.filter((write) => !isUpdate(write)), ...writes.filter(isUpdate)];
  return failingRow(fault, newFirst, (write, column) => {
    const [text] = textsOf(write, [toCamelCase(column)]);
    return inServersWords(text ?? '');
  });
}

/** A moment as the server writes it, in UTC and without zeros at its end; anything else is written as it is. */
function inServersWords(text: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}\.\d{6})Z$/.exec(text) ?? [];
  return day === undefined || time === undefined ? text : `${day} ${time.replace(/\.?0+$/, '')}+00`;
}
