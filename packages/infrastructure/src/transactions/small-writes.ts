import type { Write } from '@blotter/application';
import type { PreparedWrite } from '../database/prepared-write.js';
import { markToRow, upsertMark } from '../marks/postgres-mark-repository.js';
import { statementsOf, writeStatement } from './write-statement.js';
import { subjectOfWrite } from './write-subject.js';

/** Writes of a unit of work in their order, as few statements; each is prepared once for a session. */
export function smallWrites(writes: readonly Write[]): PreparedWrite[] {
  const statements = statementsOf(writes.filter((write) => write.kind !== 'mark'));
  const marks = writes.filter((write) => write.kind === 'mark');
  return [...statements.map(writeStatement), ...marks.map(markOf)];
}

function markOf(write: Extract<Write, { kind: 'mark' }>): PreparedWrite {
  const { name, text } = upsertMark;
  return { name, text, values: upsertMark.valuesOf(markToRow(write.fact)), subjectOf: () => subjectOfWrite(write) };
}
