import type { StartRunner } from '../contestants/find-contestant.js';
import { messageOf } from '../contestants/message-of.js';
import type { ContestantName } from '../contestants/names.js';
import { FIRST_QUERY, IMPORT, MEMORY_AT_REST } from '../workloads/start-up.js';
import type { Bench } from './bench.js';
import type { LaneResult, Sample } from './result.js';

const BOOK = 'start-up';

/** A new process for everybody in each round: how long it loads, when the first answer is there, and what it holds at rest. */
export async function measureStartUp(
  bench: Bench,
  starts: ReadonlyMap<ContestantName, StartRunner>,
): Promise<readonly LaneResult[]> {
  // pgbench loads nothing, and is a new process for each round of anything.
  const runs = [...starts].filter(([name]) => name !== 'pgbench').map(([name, start]) => new Run(bench, name, start));
  for (let round = 1; round <= bench.effort.rounds; round += 1) {
    const turn = (round - 1) % runs.length;
    for (const run of [...runs.slice(turn), ...runs.slice(0, turn)]) {
      bench.progress(`start-up, round ${round} of ${bench.effort.rounds}: ${run.contestant}`);
      await run.once();
    }
  }
  return runs.flatMap((run) => run.results());
}

/** One contestant's starts, until it fails. */
class Run {
  private readonly samples = { import: [] as Sample[], firstQuery: [] as Sample[], memory: [] as Sample[] };
  private problem: string | undefined;
  /** Not who has no way of its own to the first answer. */
  private takesPart = true;

  constructor(
    private readonly bench: Bench,
    readonly contestant: ContestantName,
    private readonly start: StartRunner,
  ) {}

  async once(): Promise<void> {
    if (!this.takesPart || this.problem !== undefined) return;
    try {
      await this.measure();
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  results(): readonly LaneResult[] {
    const { contestant, samples, problem } = this;
    if (!this.takesPart) return [];
    const of = ({ name: variant }: { readonly name: string }, own: readonly Sample[]) => ({
      contestant,
      variant,
      samples: own,
      exact: problem === undefined,
      problem,
    });
    return [of(IMPORT, samples.import), of(FIRST_QUERY, samples.firstQuery), of(MEMORY_AT_REST, samples.memory)];
  }

  private async measure(): Promise<void> {
    const { bench, samples } = this;
    const database = await bench.server.filledBook(bench.ordersIn(FIRST_QUERY));
    const began = performance.now();
    const runner = await this.start();
    try {
      // One connection: the first answer needs no more.
      const options = { ...bench.optionsFor(FIRST_QUERY, database), sessions: 1 };
      const { memoryMb, operations } = await runner.open(BOOK, options);
      this.takesPart = operations.includes(FIRST_QUERY.operation);
      if (!this.takesPart) return;
      await runner.run(BOOK, bench.roundOf(FIRST_QUERY, 0));
      samples.firstQuery.push({ figure: performance.now() - began });
      samples.import.push({ figure: runner.importMs ?? NaN });
      samples.memory.push({ figure: memoryMb });
    } finally {
      await runner.stop();
    }
  }
}
