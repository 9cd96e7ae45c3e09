import { now } from '../clock.js';
import { contestantByName } from './by-name.js';
import { runBurst } from './burst.js';
import { fillUntilKnown } from './fill-until-known.js';
import type { OpenBook } from './contestant.js';
import { describe } from './describe-error.js';
import type { Ending, ProcessMessage, Task, TaskMessage } from './messages.js';
import { CONTESTANTS } from './names.js';

/**
 * The process of one contestant: it does what it is told over IPC and says how each task ended. Errors that nobody catches
 * are reported and survived, so that one of them is one, and not the end of all later rounds.
 */
const name = CONTESTANTS.find((known) => known === process.argv[2]);
if (name === undefined) throw new Error('Name the contestant.');
const contestant = contestantByName[name];
const books = new Map<number, OpenBook>();

process.on('uncaughtException', (error) => {
  say({ kind: 'uncaught', message: describe(error).message });
});
process.on('unhandledRejection', (reason) => {
  say({ kind: 'uncaught', message: describe(reason).message });
});
process.on('disconnect', () => process.exit());
process.on('message', ({ id, task }: TaskMessage) => {
  void run(task).then((ending) => {
    say({ kind: 'ending', id, ending });
  });
});
say({ kind: 'ready' });

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
      await book.close();
      return {};
    }
  }
}

function bookOf({ book }: Task): OpenBook {
  const open = books.get(book);
  if (open === undefined) throw new Error(`Book ${book} is not open.`);
  return open;
}

function say(message: ProcessMessage): void {
  process.send?.(message);
}
