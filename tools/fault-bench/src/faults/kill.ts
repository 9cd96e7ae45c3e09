import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import { BenchServer } from '../server/bench-server.js';
import { Postmaster } from '../server/postmaster.js';
import { knowsProcesses } from '../server/process-tree.js';
import { judgeFills } from '../verify/judge-fills.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import type { Fault, FaultContext, FaultResult, NotRun } from './fault.js';
import { median } from './median.js';
import { putUnderLoad } from './under-load.js';

/** After this without a success, the contestant does not come back by itself. */
const RECOVERY_MS = 20_000;
const NAME = 'fault-kill';

/** The server's machine fails: every process of it is gone at once, and it is started again. */
export const kill: Fault = {
  name: 'kill',
  description: 'kill -9 of the server and all its processes under load, started again on the same data folder and port',
  fullRuns: 20,
  run,
};

async function run(context: FaultContext): Promise<FaultResult | NotRun> {
  if (!knowsProcesses()) return { notRun: 'it needs /proc to know the processes of the server' };
  // Its own server, with the disk taken seriously: fsync stays on.
  const server = await BenchServer.start({});
  try {
    return await withSession({ ...context, server }, (session) => killRuns({ ...context, server }, session));
  } finally {
    await server.stop();
  }
}

async function killRuns(context: FaultContext, { url, host, tables }: BenchSession): Promise<FaultResult> {
  const postmaster = new Postmaster(context.server.cluster);
  const options = { url, address: context.server.address, applicationName: NAME, direct: true };
  const underLoad = await putUnderLoad(host, options);
  const load = underLoad?.load;
  const recoveries: number[] = [];
  let kills = 0;
  let neverRecovered = 0;
  while (load && kills < context.runs && now() < context.until && neverRecovered < 2) {
    await delay(context.chance.of(kills).between(300, 900));
    await postmaster.kill();
    kills += 1;
    const back = await postmaster.startAgain();
    const success = await load.firstSuccess(back, RECOVERY_MS);
    if (success === undefined) neverRecovered += 1;
    else recoveries.push(success - back);
    context.progress(`${kills} of ${context.runs}`);
  }
  await load?.stop();
  await underLoad?.station.close();
  await host.stop();
  const leakedSessions = await tables.sessions(NAME, 0);
  const acknowledged = load?.acknowledged ?? [];
  return {
    runs: kills,
    mustBeZero: {
      ...(await judgeFills(tables, acknowledged)),
      hungCalls: load?.failures.get('hung') ?? 0,
      neverRecovered: neverRecovered + (load ? 0 : 1),
      leakedSessions,
      ...processFigures(host),
    },
    measured: {
      acknowledgedFills: acknowledged.length,
      firstSuccessMedianMs: median(recoveries),
      firstSuccessLongestMs: Math.round(Math.max(0, ...recoveries)),
    },
    notes: [...(load?.notes ?? []), ...host.uncaught],
  };
}
