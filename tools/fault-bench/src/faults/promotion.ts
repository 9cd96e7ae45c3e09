import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import { TAKE_SEVERAL_SERVERS } from '../contestants/names.js';
import { ContestantHost } from '../contestants/contestant-host.js';
import { DebianPostgres } from '../server/debian-postgres.js';
import { knowsProcesses } from '../server/process-tree.js';
import { StandbyPair } from '../server/standby-pair.js';
import { judgeFills } from '../verify/judge-fills.js';
import { Tables } from '../verify/tables.js';
import type { FillLoad } from '../workload/fill-load.js';
import { processFigures } from './bench-session.js';
import type { Fault, FaultContext, FaultResult, NotRun } from './fault.js';
import { median } from './median.js';
import { putUnderLoad } from './under-load.js';

const RECOVERY_MS = 30_000;
const NAME = 'fault-promotion';

/** The primary's machine fails, and the standby takes its place. */
export const promotion: Fault = {
  name: 'promotion',
  description:
    'the primary killed under load and its synchronous standby promoted; Blotter knows both servers, the peers an address that is led over',
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
  leakedSessions = 0;
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
        await promote(context, pair, host, tally);
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
      leakedSessions: tally.leakedSessions,
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

async function promote(
  { contestant, chance }: FaultContext,
  pair: StandbyPair,
  host: ContestantHost,
  tally: Tally,
): Promise<void> {
  const afterMs = chance.of(tally.promotions).between(500, 1_500);
  tally.promotions += 1;
  const direct = TAKE_SEVERAL_SERVERS.has(contestant);
  const underLoad = await putUnderLoad(host, {
    url: direct ? pair.bothUrl : pair.primaryUrl,
    address: pair.primaryAddress,
    applicationName: NAME,
    direct,
  });
  if (underLoad === undefined) {
    tally.neverRecovered += 1;
    tally.notes.push('the load could not be started');
    return;
  }
  const { station, load } = underLoad;
  await delay(afterMs);
  // Its signals are sent when this returns; from here on only the standby can answer.
  const failedOver = pair.failOver();
  const failedAt = now();
  // For those who cannot look for the new primary by themselves, the one place that knows where it is.
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
    tally.leakedSessions += await tables.sessions(NAME, 0);
    const { acknowledgedFillsLost, fillsStoredTwice, bookDifferences } = await judgeFills(tables, load.acknowledged);
    tally.acknowledged += load.acknowledged.length;
    tally.lost += acknowledgedFillsLost;
    tally.twice += fillsStoredTwice;
    tally.bookDifferences += bookDifferences;
    tally.hungCalls += load.failures.get('hung') ?? 0;
    tally.notes.push(...load.notes);
  } finally {
    await tables.close();
  }
}
