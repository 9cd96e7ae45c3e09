import { drizzle } from 'drizzle-orm/postgres-js';
import type { Contestant, OpenBook, OpenOptions } from './contestant.js';
import { drizzleSql } from './drizzle-sql.js';
import { recordFill, writeChapter, type Run } from './peer-book.js';
import { postgresJs, warmUp } from './postgres-js-begin.js';
import { sendAgain } from './send-again.js';

/** drizzle's `db.transaction` over postgres.js. */
export const drizzlePostgresJs: Contestant = { open, readError: () => 'not written', untilKnown: sendAgain };

async function open(options: OpenOptions): Promise<OpenBook> {
  const client = postgresJs(options);
  await warmUp(client, options.sessions);
  const db = drizzle(client);
  const inTransaction = (work: (run: Run) => Promise<void>): Promise<void> =>
    db.transaction((transaction) => work((text, parameters) => transaction.execute(drizzleSql(text, parameters))));
  return {
    writeChapter: (command) => inTransaction((run) => writeChapter(run, 'together', command)),
    recordFill: (command) => inTransaction((run) => recordFill(run, 'together', command)),
    read: async () => {
      await db.execute(`select * from marks where symbol = 'AAPL'`);
    },
    runStatement: async (text) => {
      await db.execute(text);
    },
    countSessions: () => undefined,
    close: (drainMs) => client.end({ timeout: drainMs / 1_000 }),
  };
}
