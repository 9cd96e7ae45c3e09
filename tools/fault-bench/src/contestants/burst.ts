import { setTimeout as delay } from 'node:timers/promises';
import type { OpenBook } from './contestant.js';
import type { BurstCommand, BurstOutcome, Fate } from './messages.js';

/** Sends the burst and its transaction in one turn of the event loop, in this order, and counts what became of them. */
export async function runBurst(book: OpenBook, command: BurstCommand): Promise<BurstOutcome> {
  const { size, statement, chapter, afterwards, patienceMs } = command;
  const send = () => (statement === undefined ? book.read() : book.runStatement(statement));
  const sent = Array.from({ length: size }, send);
  // The statements are handed to the driver first: a transaction that begins in the same breath could overtake them.
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
  const transaction = book.writeChapter(chapter);
  const [fates, [chapterFate]] = await Promise.all([fatesOf(sent, patienceMs), fatesOf([transaction], patienceMs)]);
  const [afterwardsFate] = await fatesOf([book.runStatement(afterwards)], patienceMs);
  const count = (wanted: Fate) => fates.filter((fate) => fate === wanted).length;
  return {
    acknowledged: count('acknowledged'),
    refused: count('refused'),
    unsettled: count('unsettled'),
    chapter: chapterFate ?? 'unsettled',
    afterwards: afterwardsFate ?? 'unsettled',
  };
}

async function fatesOf(calls: readonly Promise<void>[], patienceMs: number): Promise<readonly Fate[]> {
  const patience = new AbortController();
  const unsettled = delay<Fate>(patienceMs, 'unsettled', { signal: patience.signal });
  const fates = await Promise.all(
    calls.map((call) =>
      Promise.race([
        call.then<Fate, Fate>(
          () => 'acknowledged',
          () => 'refused',
        ),
        unsettled,
      ]),
    ),
  );
  unsettled.catch(() => undefined);
  patience.abort();
  return fates;
}
