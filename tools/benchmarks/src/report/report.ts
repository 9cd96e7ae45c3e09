import { cpus, totalmem } from 'node:os';
import type { LeftOut } from '../contestants/find-contestant.js';
import type { Effort } from '../measure/bench.js';
import type { Workload } from '../workloads/workload.js';
import type { Results } from './results.js';

/** All there is to know about one run. */
export interface Report {
  readonly results: Results;
  readonly workloads: readonly Workload[];
  readonly leftOut: ReadonlyMap<string, LeftOut>;
  readonly effort: Effort;
  /** What the proxy of `1 ms` really added. */
  readonly delayMs: number;
  readonly postgres: string;
  readonly quick: boolean;
  readonly seconds: number;
}

/** The processor and the memory it ran on. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores, ${first?.model.trim().replace(/\s+/g, ' ') ?? 'unknown'}, ${memory} GB`;
}
