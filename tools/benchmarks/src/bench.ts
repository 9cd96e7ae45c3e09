import type { ContestantName } from './contestants/names.js';
import type { Runner } from './contestants/runner.js';
import { startContestant, type LeftOut } from './contestants/start-contestant.js';
import { measureWorkload, type Effort } from './measure/measure-workload.js';
import type { LaneResult } from './measure/result.js';
import { DelayProxy } from './network/delay-proxy.js';
import type { Options } from './options.js';
import type { Report } from './report/json-line.js';
import { Results } from './report/results.js';
import { BenchServer } from './server/bench-server.js';

const DELAY_MS = 1;

/** What is measured unless the command line says otherwise: enough for a median and a spread. */
const FULL: Effort = {
  rounds: 7,
  roundMs: 1_000,
  warmUpMs: 1_000,
  scale: { small: 10_000, large: 1_000_000, bulk: 100_000 },
};
/** That it runs; its figures say nothing. */
const QUICK: Effort = {
  rounds: 2,
  roundMs: 40,
  warmUpMs: 40,
  scale: { small: 5_000, large: 10_000, bulk: 1_000 },
};

/** Measures what the options name. @param progress a word for whoever watches */
export async function runBench(options: Options, progress: (text: string) => void): Promise<Report> {
  const began = performance.now();
  const effort = effortOf(options);
  const server = await BenchServer.start();
  const runners = new Map<ContestantName, Runner>();
  const leftOut = new Map<ContestantName, LeftOut>();
  const proxy = await DelayProxy.start(server.address, DELAY_MS);
  try {
    for (const name of options.contestants) {
      const started = await startContestant(name);
      if ('leftOut' in started) leftOut.set(name, started);
      else runners.set(name, started);
    }
    const lanes: LaneResult[] = [];
    for (const workload of options.only) {
      lanes.push(...(await measureWorkload({ server, proxy, runners, effort, progress }, workload)));
    }
    return {
      results: new Results(lanes),
      workloads: options.only,
      leftOut,
      effort,
      postgres: server.version,
      quick: options.quick,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await Promise.all([...runners.values()].map((runner) => runner.stop()));
    await proxy.close();
    await server.stop();
  }
}

function effortOf({ quick, rounds, orders }: Options): Effort {
  const effort = quick ? QUICK : FULL;
  return {
    ...effort,
    rounds: rounds ?? effort.rounds,
    scale: { ...effort.scale, large: orders ?? effort.scale.large },
  };
}
