import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import type { Link } from '../network/link.js';
import type { Chance } from '../random/chance.js';
import { newChapter } from '../workload/commands.js';
import { Station } from '../workload/station.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';
import { median } from './median.js';

const DEADLINE_MS = 1_000;
/** Beyond its deadline a call has so long before it counts as hung: time is reported, only the end is asserted. */
const PATIENCE_MS = DEADLINE_MS + 4_000;
const WITHIN_MS = 100;
const LANES = 4;
const SESSIONS = 2;
const NAME = 'fault-silent';

/** Nobody says anything any more: the network swallows everything, or the server's process stands still. */
export const silent: Fault = {
  name: 'silent',
  description: `a silent socket or a silent server in the middle of a transaction; the deadline of a call is ${DEADLINE_MS} ms`,
  fullRuns: 50,
  fewestRuns: 4,
  run: (context) => withSession(context, (session) => run(context, session)),
};

class Tally {
  runs = 0;
  hungCalls = 0;
  saidDone = 0;
  brokenPools = 0;
  late = 0;
  readonly waits: number[] = [];
  readonly notes: string[] = [];
}

async function run(context: FaultContext, { url, host, tables }: BenchSession): Promise<FaultResult> {
  const goal = new Goal(context.runs, context.until);
  const tally = new Tally();
  let attempts = 0;
  const lane = async (index: number): Promise<void> => {
    for (let number = goal.next(); number !== undefined; number = goal.next()) {
      const station = await Station.open(host, {
        url,
        address: context.server.address,
        sessions: SESSIONS,
        applicationName: `${NAME}-${index}`,
        // So that a moment in the middle of a transaction is easily met.
        pace: { delayMs: 2 },
        deadlineMs: DEADLINE_MS,
        patienceMs: PATIENCE_MS,
      });
      if (station === undefined) continue;
      const side = number % 2 === 0 ? 'socket' : 'server';
      if (!(await silentRun(station, side, context.chance.of(attempts++), tally))) goal.putBack();
      context.progress(`${tally.runs} of ${context.runs}`);
      const { told } = await station.close();
      if (told !== 'done') await host.revive();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index)));
  await host.stop();
  const leakedSessions = await tables.sessions(`${NAME}-%`, 0);
  return {
    runs: tally.runs,
    mustBeZero: {
      hungCalls: tally.hungCalls,
      saidDoneInSilence: tally.saidDone,
      brokenPools: tally.brokenPools,
      leakedSessions,
      ...processFigures(host),
      bookDifferences: await tables.differences(),
    },
    measured: {
      waitMedianMs: median(tally.waits),
      waitLongestMs: Math.round(Math.max(0, ...tally.waits)),
      laterThanDeadlineAnd100Ms: tally.late,
    },
    notes: [...tally.notes, ...host.uncaught],
  };
}

/**
 * One call that meets silence in its middle, and a new one when the silence is over.
 * @returns false when the call had ended before, and nothing was shown
 */
async function silentRun(station: Station, side: 'socket' | 'server', chance: Chance, tally: Tally): Promise<boolean> {
  // Twice, so that the second is as long as what is measured, its statements prepared.
  await Promise.all([station.chapter(newChapter()), station.chapter(newChapter())]);
  const uncut = await station.chapter(newChapter(5));
  const call = station.chapter(newChapter(5));
  await delay(chance.fraction() * 0.9 * (uncut.settledAt - uncut.startedAt));
  const silencedAt = now();
  const { links } = station.proxy;
  const paused = side === 'server' ? links.map((link) => link.pauseBackend()) : [];
  if (side === 'socket') for (const link of links) link.silence();
  await lastWords(station, links);
  const met = (await Promise.race([call, Promise.resolve(undefined)])) === undefined;
  const outcome = await call;
  if (met) {
    tally.runs += 1;
    const wait = outcome.settledAt - silencedAt;
    if (outcome.told === 'hung') tally.hungCalls += 1;
    else tally.waits.push(wait);
    if (wait > DEADLINE_MS + WITHIN_MS) tally.late += 1;
    if (outcome.told === 'done') tally.saidDone += 1;
  }
  for (const backend of paused) backend.resume();
  for (const link of links) link.cut();
  await station.settle();
  const { told } = await station.chapter(newChapter());
  if (told !== 'done') {
    tally.brokenPools += 1;
    tally.notes.push(`silent ${side}: a new transaction afterwards was told ${told}`);
  }
  return met;
}

/** What was said before the silence arrives, and the contestant acts on it: its answers are on their way, here or in the sockets. */
async function lastWords(station: Station, links: readonly Link[]): Promise<void> {
  await station.settle();
  while (links.some(({ isEmpty }) => !isEmpty)) await delay(1);
  await station.settle();
}
