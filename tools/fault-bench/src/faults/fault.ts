import type { ContestantName } from '../contestants/names.js';
import type { Chance } from '../random/chance.js';
import type { BenchServer } from '../server/bench-server.js';

/** What a fault is given for one contestant. */
export interface FaultContext {
  readonly contestant: ContestantName;
  readonly chance: Chance;
  /** How many runs are wanted. */
  readonly runs: number;
  /** After this moment no new run begins; milliseconds since 1970. */
  readonly until: number;
  /** The server that faults share, when they do nothing to it. */
  readonly server: BenchServer;
  /** A word for whoever watches. */
  readonly progress: (text: string) => void;
}

export type Figures = Readonly<Record<string, number>>;

/** What a fault has shown of one contestant. */
export interface FaultResult {
  readonly runs: number;
  /** Each of them is a violation where it is not 0. */
  readonly mustBeZero: Figures;
  /** Reported, never asserted. */
  readonly measured: Figures;
  /** What lies behind the violations, for whoever looks for the reason. */
  readonly notes: readonly string[];
}

/** A fault that cannot be made on this machine, and why. */
export interface NotRun {
  readonly notRun: string;
}

export interface Fault {
  readonly name: string;
  /** What it does, and what it must show. */
  readonly description: string;
  /** Runs of the full bench. */
  readonly fullRuns: number;
  /** Runs of the shortest bench, so that each way of the fault is shown; 1 unless said. */
  readonly fewestRuns?: number;
  run(context: FaultContext): Promise<FaultResult | NotRun>;
}
