import type { ContestantName } from '../contestants/names.js';

/** What one contestant did in one round. */
export interface Sample {
  /** Operations per second. */
  readonly rate: number;
  readonly serverCpuUs: number | undefined;
  readonly clientCpuUs: number;
  readonly memoryMb: number;
  readonly memoryGrowthMb: number | undefined;
}

/** What came of one contestant in one variant. */
export interface LaneResult {
  readonly contestant: ContestantName;
  readonly variant: string;
  /** By round. */
  readonly samples: readonly Sample[];
  /** Whether every decimal and every update was kept. Undefined where it was not measured to its end. */
  readonly exact: boolean | undefined;
  /** What went wrong, for the reader. */
  readonly problem: string | undefined;
}
