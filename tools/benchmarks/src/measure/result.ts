import type { ContestantName } from '../contestants/names.js';

/** What one contestant did in one round. */
export interface Sample {
  /** In the unit of its variant: operations a second, unless it says otherwise. */
  readonly figure: number;
  /** Microseconds of processor for each operation. */
  readonly serverCpuUs?: number | undefined;
  readonly clientCpuUs?: number | undefined;
  /** The most that the contestant's process held. */
  readonly memoryMb?: number | undefined;
  readonly memoryGrowthMb?: number | undefined;
  /** How often it sent after the server had spoken, for each operation; counted by the proxy. */
  readonly bursts?: number | undefined;
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
