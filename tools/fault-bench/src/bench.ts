import { now } from './clock.js';
import type { ContestantName } from './contestants/names.js';
import type { Fault, FaultResult, NotRun } from './faults/fault.js';
import type { Options } from './options.js';
import { Chance } from './random/chance.js';
import { BenchServer } from './server/bench-server.js';

/** One fault, with what it has shown of each contestant. */
export interface FaultReport {
  readonly fault: Fault;
  readonly results: ReadonlyMap<ContestantName, FaultResult | NotRun>;
}

/** What all faults take on two cores, with everybody; the runs of a shorter bench are the same share of all. */
const FULL_MINUTES = 40;
/** A contestant that hangs at each run must not keep the others waiting for ever. */
const MOST_MINUTES_EACH = 6;
const MOST_FULL_MINUTES_EACH = 20;

/** Does each fault to each contestant, one after another. @param progress a word for whoever watches */
export async function runBench(options: Options, progress: (text: string) => void): Promise<readonly FaultReport[]> {
  // Nothing of it is to be kept, so it need not reach the disk; faults that kill a server start their own.
  const server = await BenchServer.start({ fsync: 'off' });
  try {
    const reports: FaultReport[] = [];
    for (const fault of options.only) {
      const results = new Map<ContestantName, FaultResult | NotRun>();
      for (const contestant of options.contestants) {
        const result = await fault.run({
          contestant,
          chance: new Chance(options.seed, fault.name),
          runs: runsOf(fault, options),
          until: now() + minutesEach(options) * 60_000,
          server,
          progress: (text) => {
            progress(`${fault.name}, ${contestant}: ${text}`);
          },
        });
        results.set(contestant, result);
      }
      reports.push({ fault, results });
    }
    return reports;
  } finally {
    await server.stop();
  }
}

function runsOf({ fullRuns, fewestRuns = 1 }: Fault, { full, minutes }: Options): number {
  return full ? fullRuns : Math.max(fewestRuns, Math.ceil(fullRuns * Math.min(1, minutes / FULL_MINUTES)));
}

function minutesEach({ full, minutes }: Options): number {
  return full ? MOST_FULL_MINUTES_EACH : Math.min(MOST_MINUTES_EACH, Math.max(0.5, minutes / 8));
}
