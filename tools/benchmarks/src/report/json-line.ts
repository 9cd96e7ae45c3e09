import type { LaneResult } from '../measure/result.js';
import { median, spread } from '../measure/statistics.js';
import { barsOf } from './bars.js';
import { machine, type Report } from './report.js';

/** The run for machines, on one line. */
export function jsonLine(report: Report): string {
  const { results, effort, postgres, quick } = report;
  return JSON.stringify({
    machine: machine(),
    node: process.version,
    postgres,
    quick,
    rounds: effort.rounds,
    orders: effort.orders,
    bulk: effort.bulk,
    delayMs: rounded(report.delayMs),
    workloads: report.workloads.map((workload) => ({
      name: workload.name,
      variants: workload.variants.map(({ name, unit = 'a second' }) => ({
        name,
        unit,
        contestants: results.of(name).map((lane) => ({
          ...figuresOf(lane),
          ratio: rounded(results.ratio(name, lane.contestant, 'raw')),
        })),
      })),
    })),
    bars: barsOf(results).map((bar) => ({ ...bar, figure: rounded(bar.figure ?? undefined) })),
    leftOut: Object.fromEntries([...report.leftOut].map(([name, { leftOut }]) => [name, leftOut])),
    seconds: Math.round(report.seconds),
  });
}

function figuresOf({ contestant, samples, exact, problem }: LaneResult) {
  const of = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? null : rounded(median(known));
  };
  const figures = samples.map(({ figure }) => figure);
  return {
    name: contestant,
    rounds: samples.length,
    median: of(figures),
    spread: figures.length === 0 ? null : rounded(spread(figures)),
    exact: exact ?? false,
    serverCpuUs: of(samples.map(({ serverCpuUs }) => serverCpuUs)),
    clientCpuUs: of(samples.map(({ clientCpuUs }) => clientCpuUs)),
    memoryMb: of(samples.map(({ memoryMb }) => memoryMb)),
    memoryGrowthMb: of(samples.map(({ memoryGrowthMb }) => memoryGrowthMb)),
    bursts: of(samples.map(({ bursts }) => bursts)),
    ...(problem !== undefined && { problem }),
  };
}

/** Three digits say all that was measured. */
function rounded(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
