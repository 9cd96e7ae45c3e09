import postgres from 'postgres';
import type { Contestant, OpenBook, OpenOptions } from './contestant.js';
import { recordFill, writeChapter, type Run } from './peer-book.js';
import { sendAgain } from './send-again.js';

/** postgres.js with its own pool and `sql.begin`, statements prepared as is its default, writes pipelined as its documentation says. */
export const postgresJsBegin: Contestant = { open, readError: () => 'not written', untilKnown: sendAgain };

async function open(options: OpenOptions): Promise<OpenBook> {
  const sql = postgresJs(options);
  await warmUp(sql, options.sessions);
  const inTransaction = async (work: (run: Run) => Promise<void>): Promise<void> => {
    await sql.begin((transaction) =>
      work((text, parameters) => transaction.unsafe(text, [...parameters], { prepare: true })),
    );
  };
  return {
    writeChapter: (command) => inTransaction((run) => writeChapter(run, 'together', command)),
    recordFill: (command) => inTransaction((run) => recordFill(run, 'together', command)),
    read: async () => {
      await sql`select * from marks where symbol = 'AAPL'`;
    },
    runStatement: async (text) => {
      await sql.unsafe(text, [], { prepare: true });
    },
    countSessions: () => undefined,
    close: (drainMs) => sql.end({ timeout: drainMs / 1_000 }),
  };
}

/** The driver as its users set it up. */
export function postgresJs({ url, sessions, applicationName, deadlineMs }: OpenOptions): postgres.Sql {
  return postgres(url, {
    max: sessions,
    onnotice: () => undefined,
    ...(deadlineMs !== undefined && { connect_timeout: deadlineMs / 1_000 }),
    connection: {
      application_name: applicationName,
      ...(deadlineMs !== undefined && { statement_timeout: deadlineMs }),
    },
  });
}

/** Opens all its connections, as Blotter's pool does. */
export async function warmUp(sql: postgres.Sql, sessions: number): Promise<void> {
  await Promise.all(Array.from({ length: sessions }, () => sql.unsafe('select pg_sleep(0.01)')));
}
