import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

/** "process 12 acquired AccessShareLock on relation 16390 of database 5 after 187.432 ms", of a wait that was longer than deadlock_timeout. */
const WAITED = /acquired \w+ on relation .* after ([\d.]+) ms/;

/** Runs a query again and again while something lasts, and says of each wait for its table how long it was, by the server's own clock. */
export async function lockWaitsDuring(url: string, query: string, something: Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  const sql = postgres(url, {
    max: 1,
    connection: { log_lock_waits: 'on', deadlock_timeout: '1ms', client_min_messages: 'log', lc_messages: 'C' },
    onnotice: ({ message }) => {
      const [, milliseconds] = WAITED.exec(message ?? '') ?? [];
      if (milliseconds !== undefined) waits.push(Number(milliseconds));
    },
  });
  const over = new AbortController();
  const ended = something.finally(() => {
    over.abort();
  });
  try {
    while (!over.signal.aborted) {
      await sql.unsafe(query);
      await sleep(5);
    }
    await ended;
  } finally {
    await sql.end();
  }
  return waits;
}
