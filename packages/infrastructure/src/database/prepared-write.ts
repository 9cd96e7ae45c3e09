import type { PostgresFault } from './postgres-fault.js';
import type { Subject } from './translate-error.js';

/** The entity that a fault is about. */
export type SubjectOf = (fault: PostgresFault) => Subject | undefined;

/** A statement that writes: a fixed text, which each session prepares once, and what goes with $1, $2 … */
export interface PreparedWrite {
  /** What traces call it: "order_insert". */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly subjectOf: SubjectOf;
}
