import type { ContestantName } from './contestants/names.js';
import { findContestant, type LeftOut, type StartRunner } from './contestants/find-contestant.js';
import type { Runner } from './contestants/runner.js';
import { withRunners } from './contestants/runners.js';
import { Bench, type Effort } from './measure/bench.js';
import { measureBulk } from './measure/measure-bulk.js';
import { measureRates } from './measure/measure-rates.js';
import { measureStartUp } from './measure/measure-start-up.js';
import type { LaneResult } from './measure/result.js';
import { DelayProxy } from './network/delay-proxy.js';
import { measuredDelayMs } from './network/measured-delay.js';
import type { Options } from './options.js';
import type { Report } from './report/report.js';
import { Results } from './report/results.js';
import { BenchServer } from './server/bench-server.js';
import type { Workload } from './workloads/workload.js';

const DELAY_MS = 1;

/** Enough for a median and a spread. */
const FULL: Effort = {
  rounds: 7,
  roundMs: 400,
  warmUpMs: 2_000,
  turnWarmUpMs: 200,
  mostTasks: 64,
  orders: { small: 10_000, large: 1_000_000 },
  bulk: 100_000,
};
/** That it runs; its figures say nothing. */
const QUICK: Effort = {
  rounds: 1,
  roundMs: 20,
  warmUpMs: 0,
  turnWarmUpMs: 0,
  mostTasks: 2,
  orders: { small: 5_000, large: 5_000 },
  bulk: 500,
};

/** Measures what the options name. @param progress a word for whoever watches */
export async function runBench(options: Options, progress: (text: string) => void): Promise<Report> {
  const began = performance.now();
  const effort = effortOf(options);
  await using server = await BenchServer.start();
  await using proxy = await DelayProxy.start(server.address, DELAY_MS);
  const delayMs = await measuredDelayMs(server.url('postgres'), proxy.url(server.url('postgres')));
  const starts = new Map<ContestantName, StartRunner>();
  const leftOut = new Map<ContestantName, LeftOut>();
  for (const name of options.contestants) {
    const found = await findContestant(name);
    if ('leftOut' in found) leftOut.set(name, found);
    else starts.set(name, found);
  }
  const lanes: LaneResult[] = [];
  for (const workload of options.only) {
    const benchOf = (runners: ReadonlyMap<ContestantName, Runner>) =>
      new Bench(server, proxy, runners, effort, progress);
    lanes.push(
      ...(workload.kind === 'start-up'
        ? await measureStartUp(benchOf(new Map()), starts)
        : await withRunners(starts, leftOut, (runners) => measureWith(benchOf(runners), workload))),
    );
  }
  return {
    results: new Results(lanes),
    workloads: options.only,
    leftOut,
    effort,
    delayMs,
    postgres: server.version,
    quick: options.quick,
    seconds: (performance.now() - began) / 1_000,
  };
}

function measureWith(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  return workload.kind === 'bulk' ? measureBulk(bench, workload) : measureRates(bench, workload);
}

function effortOf({ quick, rounds, orders }: Options): Effort {
  const effort = quick ? QUICK : FULL;
  return {
    ...effort,
    rounds: rounds ?? effort.rounds,
    orders: { ...effort.orders, large: orders ?? effort.orders.large },
  };
}
