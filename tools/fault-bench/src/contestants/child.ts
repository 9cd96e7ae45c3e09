import { now } from '../clock.js';
import { contestantByName } from './by-name.js';
import { runBurst } from './burst.js';
import { DRAIN_MS } from './drain.js';
import { fillUntilKnown } from './fill-until-known.js';
import type { OpenBook } from './contestant.js';
import { describe } from './describe-error.js';
import type { Ending, ProcessMessage, Task, TaskMessage } from './messages.js';
import { CONTESTANTS } from './names.js';

/** How long a pool that is closed between two runs may take. */
const CLOSE_MS = 5_000;

/**
 * The process of one contestant: it does what it is told over IPC and says how each task ended. Errors that nobody catches
 * are reported and survived, so that one of them is one, and not the end of all later rounds.
 */
const name = CONTESTANTS.find((known) => known === process.argv[2]);
if (name === undefined) throw new Error('Name the contestant.');
const contestant = contestantByName[name];
const books = new Map<number, OpenBook>();
const underWay = new Set<Promise<void>>();

process.on('uncaughtException', (error) => {
  void say({ kind: 'uncaught', message: describe(error).message });
});
process.on('unhandledRejection', (reason) => {
  void say({ kind: 'uncaught', message: describe(reason).message });
});
process.on('disconnect', exitAlone);
process.once('SIGTERM', () => void stop());
process.on('message', ({ id, task }: TaskMessage) => {
  const work = run(task)
    .then((ending) => say({ kind: 'ending', id, ending }))
    .finally(() => underWay.delete(work));
  underWay.add(work);
});
void say({ kind: 'ready' });

async function run(task: Task): Promise<Ending> {
  const startedAt = now();
  try {
    const result = await perform(task);
    return { told: 'done', ...result, startedAt, settledAt: now() };
  } catch (error) {
    return { told: contestant.readError(error), ...describe(error), startedAt, settledAt: now() };
  }
}

async function perform(task: Task): Promise<Partial<Extract<Ending, { told: 'done' }>>> {
  switch (task.kind) {
    case 'open':
      books.set(task.book, await contestant.open(task.options));
      return {};
    case 'chapter':
      await bookOf(task).writeChapter(task.command);
      return {};
    case 'fill':
      await bookOf(task).recordFill(task.command);
      return {};
    case 'fill until known':
      return { attempts: await fillUntilKnown(contestant, bookOf(task), task) };
    case 'burst':
      return { burst: await runBurst(bookOf(task), task.burst) };
    case 'count':
      return { pool: bookOf(task).countSessions() };
    case 'close': {
      const book = bookOf(task);
      books.delete(task.book);
      await book.close(CLOSE_MS);
      return {};
    }
  }
}

function bookOf({ book }: Task): OpenBook {
  const open = books.get(book);
  if (open === undefined) throw new Error(`Book ${book} is not open.`);
  return open;
}

/**
 * What a program does on SIGTERM: closes its pools and waits for its work. It does not exit by itself, so that whatever would
 * keep a process from ending is seen to.
 */
async function stop(): Promise<void> {
  await Promise.all([...books.values()].map((book) => book.close(DRAIN_MS)));
  await Promise.all(underWay);
  process.off('disconnect', exitAlone);
  process.disconnect();
}

function exitAlone(): void {
  process.exit();
}

/** Settles when it is on its way. */
function say(message: ProcessMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => {
      resolve();
    });
  });
}
