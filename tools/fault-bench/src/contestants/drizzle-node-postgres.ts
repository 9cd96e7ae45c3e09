import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Contestant, OpenBook, OpenOptions } from './contestant.js';
import { drizzleSql } from './drizzle-sql.js';
import { recordFill, writeChapter, type Run } from './peer-book.js';
import { sendAgain } from './send-again.js';

/** drizzle's `db.transaction` over a pool of node-postgres, one statement after another as that driver wants it. */
export const drizzleNodePostgres: Contestant = { open, readError: () => 'not written', untilKnown: sendAgain };

async function open({ url, sessions, applicationName, deadlineMs }: OpenOptions): Promise<OpenBook> {
  const pool = new pg.Pool({
    connectionString: url,
    max: sessions,
    application_name: applicationName,
    ...(deadlineMs !== undefined && {
      statement_timeout: deadlineMs,
      query_timeout: deadlineMs,
      connectionTimeoutMillis: deadlineMs,
    }),
  });
  // Its documentation asks for this: without it, an idle connection that is lost ends the process.
  pool.on('error', () => undefined);
  await Promise.all(Array.from({ length: sessions }, () => pool.query('select pg_sleep(0.01)')));
  const db = drizzle(pool);
  const inTransaction = (work: (run: Run) => Promise<void>): Promise<void> =>
    db.transaction((transaction) =>
      work(async (text, parameters) => (await transaction.execute(drizzleSql(text, parameters))).rows),
    );
  return {
    writeChapter: (command) => inTransaction((run) => writeChapter(run, 'one by one', command)),
    recordFill: (command) => inTransaction((run) => recordFill(run, 'one by one', command)),
    read: async () => {
      await db.execute(`select * from marks where symbol = 'AAPL'`);
    },
    runStatement: async (text) => {
      await db.execute(text);
    },
    countSessions: () => ({
      total: pool.totalCount,
      inUse: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    // It takes no bound.
    close: () => pool.end(),
  };
}
