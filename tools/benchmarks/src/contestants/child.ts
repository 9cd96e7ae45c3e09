import { createInterface } from 'node:readline';
import type { OpenBook, Work } from './contestant.js';
import { CONTESTANT_MODULES } from './open-contestant.js';
import type { OperationName } from './operations.js';
import { messageOf } from './message-of.js';
import type { BookKey, Failed, Opened, Ready, Request, RoundResult } from './protocol.js';

/** The process of one contestant: it does what it is told, a line at a time, and answers each with a line. */
const name = process.argv[2] ?? '';
if (!(name in CONTESTANT_MODULES)) throw new Error(`There is no contestant ${name}.`);
const began = performance.now();
const { open } = await CONTESTANT_MODULES[name as keyof typeof CONTESTANT_MODULES]();
const books = new Map<BookKey, OpenBook>();
say({ importMs: performance.now() - began });
// What the benchmark itself needs is nobody's time to load, and nothing of it is a contestant.
const { memoryMb, runRound } = await import('../measure/run-round.js');
const { OPERATIONS } = await import('./operations.js');

for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await perform(JSON.parse(line) as Request));
  } catch (error) {
    say({ error: messageOf(error) });
  }
}
await Promise.all([...books.values()].map((book) => book.close()));

async function perform(request: Request): Promise<Opened | RoundResult | object> {
  if (request.do === 'open') {
    const opened = await open(request);
    books.set(request.book, opened);
    return { operations: operationsOf(opened), memoryMb: memoryMb() };
  }
  const book = books.get(request.book);
  if (book === undefined) throw new Error(`The book ${request.book} is not open.`);
  // Only what it has said it can do is asked of it.
  if (request.do === 'run') return runRound(book as OpenBook & Work, request);
  books.delete(request.book);
  await book.close();
  return {};
}

function operationsOf(open: OpenBook): readonly OperationName[] {
  return (Object.keys(OPERATIONS) as OperationName[]).filter((operation) => open[operation] !== undefined);
}

function say(answer: Ready | Opened | RoundResult | Failed | object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
