import type { OperationName } from '../contestants/operations.js';

/** Sizes of the books, in orders, and how much work is done; the same for everyone. */
export interface Scale {
  readonly small: number;
  readonly large: number;
  /** Rows of one piece of bulk work. */
  readonly bulk: number;
}

/** One way of doing a workload, by everyone who can. */
export interface Variant {
  /** As a table names it, and the bars ask for it: unique in all workloads. */
  readonly name: string;
  readonly operation: OperationName;
  readonly book: 'small' | 'large';
  readonly tasks: number;
  /** Portfolios it goes to; all 50 unless said otherwise. */
  readonly portfolios?: number;
  /** Through a proxy that adds a millisecond. */
  readonly delayed?: boolean;
  /** The page after so many of portfolio 1's orders, as a share of them. */
  readonly depth?: number;
}

export interface Workload {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /**
   * `reads` share one book; `writes` have a copy for each contestant, which is looked at when all is done; `bulk` is one piece of
   * work on a fresh copy in each round.
   */
  readonly kind: 'reads' | 'writes' | 'bulk';
  readonly variants: readonly Variant[];
}

/** Connections of everybody's pool. */
export function sessionsFor({ tasks }: Variant): number {
  return tasks <= 8 ? 8 : 20;
}
