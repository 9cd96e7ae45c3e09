import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from '../network/link.js';
import type { Chance } from '../random/chance.js';
import type { PausedBackend } from '../server/backend.js';
import { newChapter, newFill, type ChapterCommand } from '../workload/commands.js';
import { Station } from '../workload/station.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import { givenUpOf, WAYS, waysFor, type CommitWay } from './commit-way.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';

const LANES = 5;
const PATIENCE_MS = 20_000;
const NAME = 'fault-commit';

/** Nobody can know what became of a transaction whose COMMIT was sent and not answered; it must be said so. */
export const commit: Fault = {
  name: 'commit',
  description:
    'cut, deadline or abort between COMMIT and its answer, also with the backend paused; then the same command under the same id',
  fullRuns: 200,
  fewestRuns: WAYS.length,
  run: (context) => withSession(context, (session) => run(context, session)),
};

class Tally {
  runs = 0;
  notToldAsAmbiguous = 0;
  unfinished = 0;
  attempts = 0;
  readonly fills: string[] = [];
  readonly notes: string[] = [];
}

async function run(context: FaultContext, { url, host, tables }: BenchSession): Promise<FaultResult> {
  const goal = new Goal(context.runs, context.until);
  const ways = waysFor(context.contestant);
  const tally = new Tally();
  const options = { url, address: context.server.address, sessions: 2, patienceMs: PATIENCE_MS };
  const lane = async (index: number): Promise<void> => {
    const stationOptions = { ...options, applicationName: `${NAME}-${index}` };
    let station = await Station.open(host, stationOptions);
    const chapter = newChapter();
    await station?.chapter(chapter);
    for (let number = goal.next(); number !== undefined && station; number = goal.next()) {
      const way = ways[number % ways.length];
      if (way === undefined) break;
      const finished = await commitRun(station, chapter, way, context.chance.of(number), tally);
      context.progress(`${tally.runs} of ${context.runs}`);
      if (!finished) {
        await station.close();
        await host.revive();
        station = await Station.open(host, stationOptions);
      }
    }
    await station?.close();
  };
  await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index)));
  await host.stop();
  const leakedSessions = await tables.sessions(`${NAME}-%`, 0);
  const stored = await tables.executions();
  return {
    runs: tally.runs,
    mustBeZero: {
      notToldAsAmbiguous: tally.notToldAsAmbiguous,
      unfinished: tally.unfinished,
      effectMissing: tally.fills.filter((id) => !stored.has(id)).length,
      effectTwice: tally.fills.filter((id) => (stored.get(id) ?? 0) > 1).length,
      leakedSessions,
      ...processFigures(host),
      bookDifferences: await tables.differences(),
    },
    measured: { attempts: tally.attempts },
    notes: [...tally.notes, ...host.uncaught],
  };
}

/** @returns whether the fill was told to be stored in the end */
async function commitRun(
  station: Station,
  chapter: ChapterCommand,
  way: CommitWay,
  chance: Chance,
  tally: Tally,
): Promise<boolean> {
  const command = newFill(chapter);
  const givenUp = givenUpOf(way);
  const { proxy } = station;
  let paused: PausedBackend | undefined;
  let begun: (link: Link) => void = () => undefined;
  const committing = new Promise<Link>((resolve) => (begun = resolve));
  proxy.onCommit = (link) => {
    proxy.onCommit = () => undefined;
    if (way.lost === 'commit') link.silence();
    else link.holdAnswers();
    if (way.pauses) paused = link.pauseBackend();
    begun(link);
  };
  const call = station.fillUntilKnown(command, givenUp);
  // Where the contestant never comes to its COMMIT, there is nothing to lose.
  const link = await Promise.race([committing, call.then(() => undefined)]);
  proxy.onCommit = () => undefined;
  await delay(chance.between(0, 5));
  if (way.end === 'client cut') link?.cutClient();
  if (way.end === 'both sides cut') link?.cut();
  // The command is sent again meanwhile, and meets the locks of the process that stands still.
  const resume = setTimeout(() => paused?.resume(), (givenUp?.afterMs ?? 0) + chance.between(20, 300));
  const attempts = await call;
  clearTimeout(resume);
  paused?.resume();
  if (link !== undefined) {
    tally.runs += 1;
    tally.fills.push(command.executionId);
    if (attempts?.first !== 'unknown') {
      tally.notToldAsAmbiguous += 1;
      tally.notes.push(`${way.name}: told ${attempts?.first ?? 'nothing'} (${attempts?.code ?? 'no error'})`);
    }
  }
  tally.attempts += attempts?.count ?? 1;
  const finished = attempts?.last === 'done';
  if (!finished) {
    tally.unfinished += 1;
    tally.notes.push(`${way.name}: sent again, told ${attempts?.last ?? 'nothing'} at last`);
  }
  return finished;
}
