import { Blotter } from '@blotter/application';
import { proveBook, uuidv7Ids, type Database } from '@blotter/infrastructure';
import { openBook, reachServer } from './database.js';
import { wasCutShort } from './drain.js';
import type { Interruption } from './interruption.js';
import { pinoLogger } from './log.js';
import type { Options } from './options.js';
import { showProgress } from './progress.js';
import { count } from './report/format.js';
import { jsonLine } from './report/json-line.js';
import { isProven, proofTable } from './report/proof-table.js';
import { sessionReport, type TradedSession } from './report/report.js';
import type { Book } from './session/book.js';
import { MarkClock } from './session/mark-clock.js';
import { openSession } from './session/open-session.js';
import type { PortfolioPlan } from './session/portfolio-plan.js';
import { plansFor, SYMBOLS } from './session/plans.js';
import { runSession } from './session/run-session.js';
import { interruptionOf, listSessions, type StoredSession } from './session/stored-sessions.js';
import { Tally } from './session/tally.js';
import type { Terminal } from './terminal.js';

/** Runs a session from the start of the server to the proof. Gives the exit code: 0 when the book is proven. */
export async function paperTrading(options: Options, terminal: Terminal, interruption: Interruption): Promise<number> {
  const plans = plansFor(options.symbols);
  await using server = await reachServer(process.env, options.dataDirectory);
  await using book = await openBook(server.config, interruption.signal, pinoLogger(options.logLevel));
  terminal.line(server.description);
  try {
    return await tradeAndProve(book.database, plans, options, terminal, interruption);
  } catch (error) {
    const stopped = interruption.exitCode();
    if (stopped === undefined || !wasCutShort(error)) throw error;
    return interrupted(stopped, 'what was under way was ended, and what was committed is kept', terminal);
  }
}

/** The session before, this one, and the proof. Gives the exit code. */
async function tradeAndProve(
  database: Database,
  plans: readonly PortfolioPlan[],
  options: Options,
  terminal: Terminal,
  interruption: Interruption,
): Promise<number> {
  const started = performance.now();
  const earlier = await listSessions(database.read);
  await reportLastSession(database, earlier.at(-1), terminal);
  const stoppedBefore = interruption.exitCode();
  if (stoppedBefore !== undefined) return interrupted(stoppedBefore, 'no session was begun', terminal);

  const number = (earlier.at(-1)?.number ?? 0) + 1;
  const traded = await trade(database, number, plans, options, terminal, interruption);
  const stopped = interruption.exitCode();
  if (stopped !== undefined) {
    const kept = `session #${number} ends here, and its ${count(traded.tally.executions)} executions are kept`;
    return interrupted(stopped, kept, terminal);
  }
  const proof = await proveBook(database);
  const seconds = () => (performance.now() - started) / 1_000;
  if (options.json) {
    terminal.line(jsonLine({ ...traded, sessions: earlier.length + 1, seconds: seconds(), proof }));
  } else {
    const report = await sessionReport(database, traded);
    const proven = proofTable(
      proof,
      traded.desks.map(({ portfolioId }) => portfolioId),
    );
    for (const block of [...report, proven]) terminal.line(`\n${block}`);
    terminal.line(`Session #${number} took ${seconds().toFixed(1)} s. Run it again for another one beside it.`);
  }
  return isProven(proof) ? 0 : 1;
}

/** Trades all days of the session, or those before it is interrupted. */
async function trade(
  database: Database,
  number: number,
  plans: readonly PortfolioPlan[],
  options: Options,
  terminal: Terminal,
  interruption: Interruption,
): Promise<TradedSession> {
  const book: Book = { blotter: new Blotter(database), read: database.read, ids: uuidv7Ids };
  const clock = await MarkClock.after(book.read, SYMBOLS);
  const desks = await openSession(book, clock, number, plans, options);
  const days = desks.reduce((sum, { dates }) => sum + dates.length, 0);
  terminal.line(`Session #${number}: ${plans.map(({ title }) => title).join(' and ')}, ${count(days)} days in all.`);

  const tally = new Tally();
  const progress = showProgress(days, process.stderr, options.logLevel === 'silent');
  const started = performance.now();
  try {
    await runSession(book, clock, desks, tally, { signal: interruption.signal, onDay: progress.advance });
  } catch (error) {
    // The days under way did not end within the drain time.
    if (!interruption.signal.aborted || !wasCutShort(error)) throw error;
  } finally {
    progress.end();
  }
  return { desks, tally, tradingSeconds: (performance.now() - started) / 1_000 };
}

/** A session that did not come to its end is told of, with what the book says about it now. */
async function reportLastSession(
  database: Database,
  last: StoredSession | undefined,
  terminal: Terminal,
): Promise<void> {
  const interruption = last && (await interruptionOf(database.read, last));
  if (!interruption) return;
  const proof = await proveBook(database, { portfolioIds: last.portfolios.map(({ id }) => id) });
  const verdict = isProven(proof) ? 'are intact and proven' : `DIFFER from what is stored by ${proof.difference}`;
  terminal.line(
    `The last session (#${last.number}) was interrupted on ${interruption.date}; its ${count(interruption.executions)} executions ${verdict}.`,
  );
}

function interrupted(exitCode: number, kept: string, terminal: Terminal): number {
  terminal.line(`Interrupted: ${kept}.`);
  return exitCode;
}
