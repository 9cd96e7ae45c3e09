import { cpus, totalmem } from 'node:os';
import type { LeftOut } from '../contestants/start-contestant.js';
import type { Effort } from '../measure/measure-workload.js';
import type { LaneResult } from '../measure/result.js';
import { median, spread } from '../measure/statistics.js';
import type { Workload } from '../workloads/workload.js';
import { barsOf } from './bars.js';
import type { Results } from './results.js';

/** All there is to know about one run. */
export interface Report {
  readonly results: Results;
  readonly workloads: readonly Workload[];
  readonly leftOut: ReadonlyMap<string, LeftOut>;
  readonly effort: Effort;
  readonly postgres: string;
  readonly quick: boolean;
  readonly seconds: number;
}

/** The run for machines, on one line. */
export function jsonLine(report: Report): string {
  const { results, effort, postgres, quick } = report;
  return JSON.stringify({
    machine: machine(),
    node: process.version,
    postgres,
    quick,
    rounds: effort.rounds,
    orders: effort.scale,
    workloads: report.workloads.map((workload) => ({
      name: workload.name,
      variants: workload.variants.map(({ name }) => ({
        name,
        contestants: results.lanes
          .filter(({ variant }) => variant === name)
          .map((lane) => ({ ...figuresOf(lane), ratio: figure(results.ratio(name, lane.contestant, 'raw')) })),
      })),
    })),
    bars: barsOf(results).map((bar) => ({ ...bar, figure: figure(bar.figure ?? undefined) })),
    leftOut: Object.fromEntries([...report.leftOut].map(([name, { leftOut }]) => [name, leftOut])),
    seconds: Math.round(report.seconds),
  });
}

/** The processor and the memory it ran on. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} cores ${first?.model.trim() ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GB`.replace(
    /\s+/g,
    ' ',
  );
}

function figuresOf({ contestant, samples, exact, problem }: LaneResult) {
  const of = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? null : figure(median(known));
  };
  const rates = samples.map(({ rate }) => rate);
  return {
    name: contestant,
    median: of(rates),
    spread: rates.length === 0 ? null : figure(spread(rates)),
    exact: exact ?? false,
    serverCpuUs: of(samples.map(({ serverCpuUs }) => serverCpuUs)),
    clientCpuUs: of(samples.map(({ clientCpuUs }) => clientCpuUs)),
    memoryMb: of(samples.map(({ memoryMb }) => memoryMb)),
    memoryGrowthMb: of(samples.map(({ memoryGrowthMb }) => memoryGrowthMb)),
    ...(problem !== undefined && { problem }),
  };
}

/** Three digits say all that was measured. */
function figure(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
