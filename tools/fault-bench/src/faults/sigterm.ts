import { setTimeout as delay } from 'node:timers/promises';
import { ContestantHost } from '../contestants/contestant-host.js';
import { DRAIN_MS } from '../contestants/drain.js';
import type { Chance } from '../random/chance.js';
import { judgeFills } from '../verify/judge-fills.js';
import { Tables } from '../verify/tables.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';
import { median } from './median.js';
import { putUnderLoad } from './under-load.js';

/** Beyond the drain time a process has so long before it counts as hung: time is reported, only the end is asserted. */
const PATIENCE_MS = DRAIN_MS + 5_000;
const WITHIN_MS = 500;
const NAME = 'fault-sigterm';

/** The program is told to end, as by every deployment. */
export const sigterm: Fault = {
  name: 'sigterm',
  description: `SIGTERM under load, half of the times while somebody else holds a lock; the drain time is ${DRAIN_MS} ms`,
  fullRuns: 20,
  fewestRuns: 2,
  run,
};

class Tally {
  runs = 0;
  neverStarted = 0;
  hungProcesses = 0;
  callsWithoutAnswer = 0;
  leakedSessions = 0;
  late = 0;
  readonly exits: number[] = [];
  readonly acknowledged: string[] = [];
  readonly notes: string[] = [];
  readonly uncaught: string[] = [];
}

async function run(context: FaultContext): Promise<FaultResult> {
  const url = await context.server.createDatabase();
  const tables = new Tables(url);
  const goal = new Goal(context.runs, context.until);
  const tally = new Tally();
  try {
    for (let number = goal.next(); number !== undefined; number = goal.next()) {
      const host = await ContestantHost.start(context.contestant);
      try {
        await terminate({ ...context, url, host, tables }, number, tally);
      } finally {
        await host.stop();
      }
      tally.uncaught.push(...host.uncaught);
      context.progress(`${tally.runs} of ${context.runs}`);
    }
    return {
      runs: tally.runs,
      mustBeZero: {
        ...(await judgeFills(tables, tally.acknowledged)),
        hungProcesses: tally.hungProcesses,
        callsWithoutAnswer: tally.callsWithoutAnswer,
        leakedSessions: tally.leakedSessions,
        neverStarted: tally.neverStarted,
        uncaughtErrors: tally.uncaught.length,
      },
      measured: {
        acknowledgedFills: tally.acknowledged.length,
        exitMedianMs: median(tally.exits),
        exitLongestMs: Math.round(Math.max(0, ...tally.exits)),
        [`laterThanDrainTimeAnd${WITHIN_MS}Ms`]: tally.late,
      },
      notes: [...tally.notes, ...tally.uncaught],
    };
  } finally {
    await tables.close();
  }
}

interface Program {
  readonly url: string;
  readonly host: ContestantHost;
  readonly tables: Tables;
  readonly server: FaultContext['server'];
  readonly chance: Chance;
}

async function terminate(program: Program, number: number, tally: Tally): Promise<void> {
  const { url, host, tables, server, chance } = program;
  const options = { url, address: server.address, applicationName: NAME, direct: true };
  const underLoad = await putUnderLoad(host, options);
  if (underLoad === undefined) {
    tally.neverStarted += 1;
    return;
  }
  const { station, load } = underLoad;
  await delay(chance.of(number).between(200, 600));
  const unlock = number % 2 === 1 ? await tables.lockPortfolio(NAME) : undefined;
  // Those under way are in the middle of their work; whoever is told to end takes no more.
  const stopped = load.stop();
  const exit = await host.terminate(PATIENCE_MS);
  await stopped;
  await station.close();
  tally.runs += 1;
  if (exit === undefined) tally.hungProcesses += 1;
  else {
    tally.exits.push(exit);
    if (exit > DRAIN_MS + WITHIN_MS) tally.late += 1;
  }
  tally.acknowledged.push(...load.acknowledged);
  tally.callsWithoutAnswer += (load.failures.get('died') ?? 0) + (load.failures.get('hung') ?? 0);
  tally.notes.push(...load.notes);
  await unlock?.();
  tally.leakedSessions += await tables.sessions(NAME, 0);
}
