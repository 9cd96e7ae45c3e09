import type { OperationName } from '../contestants/operations.js';

/** One way of doing a workload, by everyone who can. */
export interface Variant {
  /** As a table names it, and the bars ask for it: unique in all workloads. */
  readonly name: string;
  readonly operation: OperationName;
  readonly book: 'small' | 'large';
  readonly tasks: number;
  /** What the figure counts; operations a second unless said otherwise, and the more the better. */
  readonly unit?: 'ms' | 'MB';
  /** Portfolios it goes to; all 50 unless said otherwise. */
  readonly portfolios?: number;
  /** Through a proxy that adds a millisecond. */
  readonly delayed?: boolean;
  /** The page behind so many of portfolio 1's orders, as a share of them. */
  readonly depth?: number;
  /** One piece of it takes seconds, in which it warms up by itself; peers may do fewer rounds of it. */
  readonly isLong?: boolean;
}

export interface Workload {
  /** For `--only`. */
  readonly name: string;
  /** How it is measured; see the file of that name in measure/. `reads` and `writes` are both rates. */
  readonly kind: 'reads' | 'writes' | 'bulk' | 'start-up';
  readonly variants: readonly Variant[];
}

/** The sizes at which reads are measured. */
export const SIZES = ['small', 'large'] as const;
