import type { Fate } from '../contestants/messages.js';
import { newChapter } from '../workload/commands.js';
import { Station } from '../workload/station.js';
import { processFigures, withSession, type BenchSession } from './bench-session.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';

/** Around the driver's bound on what it has on its way, 100, and far beyond it. */
const SIZES = [99, 100, 101, 1_000];
const POOLS = [1, 2, 5];
const PATIENCE_MS = 30_000;
const NAME = 'fault-burst';

/**
 * Many statements at once, every other time reads, and a transaction right behind them; then one statement more. What was
 * acknowledged must be there.
 */
export const burst: Fault = {
  name: 'burst',
  description: 'bursts of 99, 100, 101 and 1,000 statements, and then a transaction, on pools of 1, 2 and 5',
  fullRuns: 100 * SIZES.length * POOLS.length,
  run: (context) => withSession(context, (session) => run(context, session)),
};

interface Seen {
  readonly burst: number;
  readonly portfolioId: string;
  /** Marks that should be stored; undefined when nothing was told at all. */
  readonly acknowledged: number | undefined;
  readonly chapter: Fate;
}

class Tally {
  bursts = 0;
  statements = 0;
  unsettled = 0;
  refused = 0;
  readonly seen: Seen[] = [];
}

async function run(context: FaultContext, { url, host, tables }: BenchSession): Promise<FaultResult> {
  await tables.query('create table bench_marks (burst integer not null)');
  const tally = new Tally();
  for (const [index, sessions] of POOLS.entries()) {
    const share = Math.max(SIZES.length, Math.ceil(context.runs / POOLS.length));
    const goal = new Goal(share, context.until);
    const options = { url, address: context.server.address, sessions, applicationName: NAME, patienceMs: PATIENCE_MS };
    let station = await Station.open(host, options);
    for (let number = goal.next(); number !== undefined && station; number = goal.next()) {
      const size = SIZES[number % SIZES.length] ?? 100;
      const settled = await oneBurst(station, index * 1_000_000 + number, size, tally);
      context.progress(`${tally.bursts} bursts`);
      if (!settled) {
        await station.close();
        await host.revive();
        station = await Station.open(host, options);
      }
    }
    await station?.close();
  }
  await host.stop();
  const leakedSessions = await tables.sessions(NAME, 0);
  const rows = await tables.query<{ burst: number; stored: number }>(
    'select burst, count(*)::int as stored from bench_marks group by burst',
  );
  const marks = new Map(rows.map(({ burst: number, stored }) => [number, stored]));
  const chapters = await tables.chapters(tally.seen.map(({ portfolioId }) => portfolioId));
  const of = (wrong: (seen: Seen) => boolean) => tally.seen.filter(wrong).length;
  return {
    runs: tally.bursts,
    mustBeZero: {
      burstsWithAcknowledgedStatementsLost: of((seen) => (seen.acknowledged ?? 0) > (marks.get(seen.burst) ?? 0)),
      burstsWithStatementsStoredUnacknowledged: of(
        (seen) => seen.acknowledged !== undefined && seen.acknowledged < (marks.get(seen.burst) ?? 0),
      ),
      acknowledgedTransactionsLost: of(
        ({ chapter, portfolioId }) => chapter === 'acknowledged' && chapters.get(portfolioId) !== 'all',
      ),
      partialCommits: of(({ portfolioId }) => chapters.get(portfolioId) === 'part'),
      refusedTransactions: of(({ chapter }) => chapter === 'refused'),
      hungTransactions: of(({ chapter }) => chapter === 'unsettled'),
      hungStatements: tally.unsettled,
      refusedStatements: tally.refused,
      leakedSessions,
      ...processFigures(host),
      bookDifferences: await tables.differences(),
    },
    measured: { statements: tally.statements },
    notes: host.uncaught,
  };
}

/** @returns whether all of it settled */
async function oneBurst(station: Station, burst: number, size: number, tally: Tally): Promise<boolean> {
  const chapter = newChapter();
  const { portfolioId } = chapter;
  const mark = `insert into bench_marks (burst) values (${burst})`;
  const statement = burst % (2 * SIZES.length) < SIZES.length ? undefined : mark;
  const outcome = await station.burst({ size, statement, chapter, afterwards: mark, patienceMs: PATIENCE_MS });
  tally.bursts += 1;
  tally.statements += size;
  if (outcome.told !== 'done' || !outcome.burst) {
    tally.unsettled += size;
    tally.seen.push({ burst, portfolioId, acknowledged: undefined, chapter: 'unsettled' });
    return false;
  }
  const { acknowledged, refused, unsettled, chapter: fate, afterwards } = outcome.burst;
  tally.unsettled += unsettled + (afterwards === 'unsettled' ? 1 : 0);
  tally.refused += refused + (afterwards === 'refused' ? 1 : 0);
  const marks = (statement === undefined ? 0 : acknowledged) + (afterwards === 'acknowledged' ? 1 : 0);
  tally.seen.push({ burst, portfolioId, acknowledged: marks, chapter: fate });
  return unsettled === 0 && fate !== 'unsettled' && afterwards !== 'unsettled';
}
