import type { Write } from '@blotter/application';
import type { PreparedWrite } from '../database/prepared-write.js';
import { markToRow, upsertMark } from '../marks/postgres-mark-repository.js';
import type { BulkWrite } from './bulk-table.js';
import { apart, writeStatement } from './write-statement.js';
import { subjectOf, subjectOfWrite } from './write-subject.js';

/** Writes of a unit of work in their order, as few statements; each is prepared once for a session. */
export function smallWrites(writes: readonly Write[]): PreparedWrite[] {
  const statements = apart(writes.filter((write) => write.kind !== 'mark')).map(togetherOf);
  const marks = writes.filter((write) => write.kind === 'mark');
  return [...statements, ...marks.map(markOf)];
}

function togetherOf(writes: readonly BulkWrite[]): PreparedWrite {
  return { ...writeStatement(writes), subjectOf: (fault) => subjectOf(fault, writes) };
}

function markOf(write: Extract<Write, { kind: 'mark' }>): PreparedWrite {
  const { name, text } = upsertMark;
  return { name, text, values: upsertMark.valuesOf(markToRow(write.fact)), subjectOf: () => subjectOfWrite(write) };
}
