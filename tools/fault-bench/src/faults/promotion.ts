import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import { ContestantHost } from '../contestants/contestant-host.js';
import { DebianPostgres } from '../server/debian-postgres.js';
import { knowsProcesses } from '../server/process-tree.js';
import { StandbyPair } from '../server/standby-pair.js';
import { Tables } from '../verify/tables.js';
import { FillLoad } from '../workload/fill-load.js';
import { Station } from '../workload/station.js';
import { processFigures } from './bench-session.js';
import type { Fault, FaultContext, FaultResult, NotRun } from './fault.js';
import { median } from './median.js';

const CALLERS = 20;
const PORTFOLIOS = 10;
const SESSIONS = 10;
const PATIENCE_MS = 20_000;
const RECOVERY_MS = 30_000;
const NAME = 'fault-promotion';

/** The primary's machine fails, and the standby takes its place. */
export const promotion: Fault = {
  name: 'promotion',
  description:
    'the primary killed under load and its synchronous standby promoted, behind one address that leads to it then',
  fullRuns: 5,
  run,
};

class Tally {
  promotions = 0;
  acknowledged = 0;
  lost = 0;
  twice = 0;
  hungCalls = 0;
  neverRecovered = 0;
  bookDifferences = 0;
  readonly gaps: number[] = [];
  readonly notes: string[] = [];
}

async function run(context: FaultContext): Promise<FaultResult | NotRun> {
  const programs = DebianPostgres.find();
  if (programs === undefined) return { notRun: 'Debian’s PostgreSQL 15 is not installed (postgresql-15)' };
  if (!knowsProcesses()) return { notRun: 'it needs /proc to know the processes of the server' };
  const host = await ContestantHost.start(context.contestant);
  const tally = new Tally();
  try {
    while (tally.promotions < context.runs && (tally.promotions === 0 || now() < context.until)) {
      const pair = await StandbyPair.start(programs);
      try {
        await promote(pair, host, context.chance.of(tally.promotions).between(500, 1_500), tally);
      } finally {
        await pair.stop();
      }
      await host.revive();
      context.progress(`${tally.promotions} of ${context.runs}`);
    }
  } finally {
    await host.stop();
  }
  return {
    runs: tally.promotions,
    mustBeZero: {
      acknowledgedFillsLost: tally.lost,
      fillsStoredTwice: tally.twice,
      hungCalls: tally.hungCalls,
      neverRecovered: tally.neverRecovered,
      ...processFigures(host),
      bookDifferences: tally.bookDifferences,
    },
    measured: {
      acknowledgedFills: tally.acknowledged,
      gapMedianMs: median(tally.gaps),
      gapLongestMs: Math.round(Math.max(0, ...tally.gaps)),
    },
    notes: [...tally.notes, ...host.uncaught],
  };
}

async function promote(pair: StandbyPair, host: ContestantHost, afterMs: number, tally: Tally): Promise<void> {
  tally.promotions += 1;
  const station = await Station.open(host, {
    url: pair.primaryUrl,
    address: pair.primaryAddress,
    sessions: SESSIONS,
    applicationName: NAME,
    patienceMs: PATIENCE_MS,
  });
  const load = station && new FillLoad(station);
  if (!(await load?.start(CALLERS, PORTFOLIOS)) || !load) {
    tally.neverRecovered += 1;
    tally.notes.push('the load could not be started');
    return;
  }
  await delay(afterMs);
  // Its signals are sent when this returns; from here on only the standby can answer.
  const failedOver = pair.failOver();
  const failedAt = now();
  // The one place that knows where the new primary is; a client with a list of hosts would find it by itself.
  station.proxy.target = pair.standbyAddress;
  await failedOver;
  const success = await load.firstSuccess(failedAt, RECOVERY_MS);
  if (success === undefined) tally.neverRecovered += 1;
  else tally.gaps.push(success - failedAt);
  await load.stop();
  await station.close();
  await judge(pair, load, tally);
}

async function judge(pair: StandbyPair, load: FillLoad, tally: Tally): Promise<void> {
  const tables = new Tables(pair.standbyUrl);
  try {
    await tables.sessions(NAME, 0);
    const stored = await tables.executions();
    tally.acknowledged += load.acknowledged.length;
    tally.lost += load.acknowledged.filter((id) => !stored.has(id)).length;
    tally.twice += [...stored.values()].filter((times) => times > 1).length;
    tally.hungCalls += load.failures.get('hung') ?? 0;
    tally.bookDifferences += await tables.differences();
    for (const [reason, times] of load.failures) tally.notes.push(`${times} calls ended: ${reason}`);
  } finally {
    await tables.close();
  }
}
