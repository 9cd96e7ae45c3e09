import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import { BenchServer } from '../server/bench-server.js';
import { SmallDisk } from '../server/small-disk.js';
import { judgeFills } from '../verify/judge-fills.js';
import type { FillLoad } from '../workload/fill-load.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import type { Fault, FaultContext, FaultResult, NotRun } from './fault.js';
import { median } from './median.js';
import { putUnderLoad } from './under-load.js';

const RECOVERY_MS = 20_000;
/** How long fills may go on after the disk is full: there is room in the pages that are there. */
const UNTIL_REFUSED_MS = 30_000;
const NAME = 'fault-disk-full';

/** The tables' disk is full, and later has space again. */
export const diskFull: Fault = {
  name: 'disk-full',
  description: 'the disk of the tables is full under load, and later has space again',
  fullRuns: 5,
  run,
};

async function run(context: FaultContext): Promise<FaultResult | NotRun> {
  const server = await BenchServer.start({ fsync: 'off' });
  try {
    const disk = SmallDisk.mount(server.cluster);
    if (disk === undefined) return { notRun: 'this process may not mount a tmpfs; it is for root on Linux' };
    try {
      const ownServer = { ...context, server };
      return await withSession(ownServer, (session) => fillDisk(ownServer, session, disk), disk.folder);
    } finally {
      await server.stop();
      disk.unmount();
    }
  } finally {
    await server.stop();
  }
}

async function fillDisk(
  context: FaultContext,
  { url, host, tables }: BenchSession,
  disk: SmallDisk,
): Promise<FaultResult> {
  const underLoad = await putUnderLoad(host, { url, address: context.server.address, applicationName: NAME });
  const load = underLoad?.load;
  const recoveries: number[] = [];
  let runs = 0;
  let neverRefused = 0;
  let neverRecovered = 0;
  while (load && runs < context.runs && (runs === 0 || now() < context.until)) {
    runs += 1;
    await delay(context.chance.of(runs).between(200, 600));
    disk.fill();
    if (!(await isRefused(load))) neverRefused += 1;
    await delay(300);
    disk.makeSpace();
    const space = now();
    const success = await load.firstSuccess(space, RECOVERY_MS);
    if (success === undefined) neverRecovered += 1;
    else recoveries.push(success - space);
    context.progress(`${runs} of ${context.runs}`);
  }
  await load?.stop();
  await underLoad?.station.close();
  await host.stop();
  const leakedSessions = await tables.sessions(NAME, 0);
  const acknowledged = load?.acknowledged ?? [];
  const failures = [...(load?.failures ?? [])];
  return {
    runs,
    mustBeZero: {
      ...(await judgeFills(tables, acknowledged)),
      errorsWithoutCode: failures.filter(([reason]) => !hasCode(reason)).reduce((sum, [, times]) => sum + times, 0),
      neverRefused,
      neverRecovered: neverRecovered + (load ? 0 : 1),
      leakedSessions,
      ...processFigures(host),
    },
    measured: { acknowledgedFills: acknowledged.length, firstSuccessMedianMs: median(recoveries) },
    notes: [...(load?.notes ?? []), ...host.uncaught],
  };
}

/** Waits until the first fill is refused. */
async function isRefused(load: FillLoad): Promise<boolean> {
  const before = load.failed;
  const deadline = now() + UNTIL_REFUSED_MS;
  while (load.failed === before && now() < deadline) await delay(5);
  return load.failed > before;
}

/** A code of Blotter's, or an SQLSTATE; where an error has none, its class stands in its place. */
function hasCode(reason: string): boolean {
  return /: ([A-Z_]+|[0-9A-Z]{5})$/.test(reason);
}
