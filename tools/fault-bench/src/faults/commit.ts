import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from '../network/link.js';
import type { Chance } from '../random/chance.js';
import type { PausedBackend } from '../server/backend.js';
import { newChapter, newFill, type ChapterCommand } from '../workload/commands.js';
import { Station } from '../workload/station.js';
import { untilStored } from '../workload/until-stored.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';

/**
 * How the answer to COMMIT gets lost: COMMIT arrives and its answer does not; COMMIT is lost too; both sides are reset at once;
 * or the server's process stands still with the COMMIT before it, and goes on later, when the command has been sent again.
 */
const WAYS = ['answer lost', 'commit lost', 'reset', 'backend paused'] as const;
type Way = (typeof WAYS)[number];

const LANES = 5;
const PATIENCE_MS = 20_000;
const AGAIN = { attempts: 5, pauseMs: 20 };
const NAME = 'fault-commit';

/** Nobody can know what became of a transaction whose COMMIT was sent and not answered; it must be said so. */
export const commit: Fault = {
  name: 'commit',
  description:
    'cut between COMMIT and its answer, also with the backend paused; then the same command again under the same id',
  fullRuns: 200,
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
  const tally = new Tally();
  const options = { url, address: context.server.address, sessions: 2, patienceMs: PATIENCE_MS };
  const lane = async (index: number): Promise<void> => {
    const stationOptions = { ...options, applicationName: `${NAME}-${index}` };
    let station = await Station.open(host, stationOptions);
    const chapter = newChapter();
    if (station) await untilStored(() => station?.chapter(chapter) ?? Promise.reject(new Error('closed')), AGAIN);
    for (let number = goal.next(); number !== undefined && station; number = goal.next()) {
      const way = WAYS[number % WAYS.length] ?? 'reset';
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
  await tables.sessions(`${NAME}-%`, 0);
  const stored = await tables.executions();
  return {
    runs: tally.runs,
    mustBeZero: {
      notToldAsAmbiguous: tally.notToldAsAmbiguous,
      unfinished: tally.unfinished,
      effectMissing: tally.fills.filter((id) => !stored.has(id)).length,
      effectTwice: tally.fills.filter((id) => (stored.get(id) ?? 0) > 1).length,
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
  way: Way,
  chance: Chance,
  tally: Tally,
): Promise<boolean> {
  const command = newFill(chapter);
  const { proxy } = station;
  let paused: PausedBackend | undefined;
  let begun: (link: Link) => void = () => undefined;
  const committing = new Promise<Link>((resolve) => (begun = resolve));
  proxy.onCommit = (link) => {
    proxy.onCommit = () => undefined;
    if (way === 'commit lost') link.silence();
    else link.holdAnswers();
    if (way === 'backend paused') paused = link.pauseBackend();
    begun(link);
  };
  const call = station.fill(command);
  // Where the contestant never comes to its COMMIT, there is nothing to cut.
  const link = await Promise.race([committing, call.then(() => undefined)]);
  proxy.onCommit = () => undefined;
  await delay(chance.between(0, 5));
  if (way === 'answer lost' || way === 'backend paused') link?.cutClient();
  else link?.cut();
  const first = await call;
  setTimeout(() => paused?.resume(), chance.between(20, 300));
  if (link !== undefined) {
    tally.runs += 1;
    tally.fills.push(command.executionId);
    if (first.told !== 'unknown') {
      tally.notToldAsAmbiguous += 1;
      tally.notes.push(`${way}: told ${first.told}${'code' in first ? ` (${first.code})` : ''}`);
    }
  }
  const again = await untilStored(() => station.fill(command), AGAIN);
  paused?.resume();
  tally.attempts += 1 + again.length;
  const finished = again.at(-1)?.told === 'done';
  if (!finished) {
    tally.unfinished += 1;
    tally.notes.push(`${way}: sent again, told ${again.map(({ told }) => told).join(', ')}`);
  }
  return finished;
}
