import { ContestantHost } from '../contestants/contestant-host.js';
import { Ledger } from '../verify/ledger.js';
import { Tables } from '../verify/tables.js';
import type { CutLane } from './cut-lane.js';
import { coldRounds, warmRounds, warmUp } from './cut-rounds.js';
import { CutTally } from './cut-tally.js';
import type { Fault, FaultContext, FaultResult } from './fault.js';
import { Goal } from './goal.js';

type Half = 'cold' | 'warm';

/** Each half and pool has the same share of the cuts; a small pool cuts few connections a round, so it has more lanes. */
const LANES: readonly { readonly half: Half; readonly sessions: number; readonly lanes: number }[] = [
  { half: 'cold', sessions: 1, lanes: 4 },
  { half: 'cold', sessions: 2, lanes: 2 },
  { half: 'cold', sessions: 20, lanes: 1 },
  { half: 'warm', sessions: 1, lanes: 1 },
  { half: 'warm', sessions: 2, lanes: 1 },
  { half: 'warm', sessions: 20, lanes: 1 },
];
const COLD_DELAY_MS = 5;
const PATIENCE_MS = 20_000;

/** The connection is lost while a transaction has statements in flight. */
export const cut: Fault = {
  name: 'cut',
  description:
    'connection cut at a random moment of a transaction, pools of 1, 2 and 20, half of them on cold sessions',
  fullRuns: 2_000,
  run,
};

async function run(context: FaultContext): Promise<FaultResult> {
  const url = await context.server.createDatabase();
  const tables = new Tables(url);
  const host = await ContestantHost.start(context.contestant);
  const tally = new CutTally();
  const ledger = new Ledger();
  const wanted = Math.ceil(context.runs / LANES.length);
  const laneOf = (name: string, sessions: number, delayMs: number): CutLane => ({
    host,
    tables,
    ledger,
    tally,
    chance: context.chance.of(name),
    progress: context.progress,
    options: {
      url,
      address: context.server.address,
      sessions,
      applicationName: `cut-${name}`,
      pace: { delayMs },
      patienceMs: PATIENCE_MS,
    },
  });
  try {
    await warmUp(laneOf('warm-up', 20, 0));
    await Promise.all(
      LANES.flatMap(({ half, sessions, lanes }) => {
        const goal = new Goal(wanted, context.until);
        return Array.from({ length: lanes }, (_, index) => {
          const name = `${half}-${sessions}-${index}`;
          return half === 'cold'
            ? coldRounds(laneOf(name, sessions, COLD_DELAY_MS), goal)
            : warmRounds(laneOf(name, sessions, 0), goal);
        });
      }),
    );
    const leakedSessions = await tables.sessions('cut-%', 0);
    await host.stop();
    // A backend may still be at work after its client is gone: only when it is gone too do the rows say what happened.
    await tables.sessions('cut-%', 0);
    return {
      runs: tally.inFlight,
      mustBeZero: {
        ...(await ledger.judge(tables)),
        uncaughtErrors: host.uncaught.length,
        lostProcesses: host.lostProcesses,
        neighboursHit: tally.neighboursHit,
        brokenPools: tally.brokenPools,
        hungCloses: tally.hungCloses,
        failedOpens: tally.failedOpens,
        leakedSessions,
        bookDifferences: await tables.differences(),
      },
      measured: { rounds: tally.rounds, cutConnections: tally.cutConnections },
      notes: [...tally.notes, ...host.uncaught],
    };
  } finally {
    await host.stop();
    await tables.close();
  }
}
