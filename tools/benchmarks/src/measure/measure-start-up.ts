import type { ContestantName } from '../contestants/names.js';
import { startContestant } from '../contestants/start-contestant.js';
import { FIRST_QUERY, IMPORT, MEMORY_AT_REST } from '../workloads/start-up.js';
import type { Bench } from './bench.js';
import type { LaneResult, Sample } from './result.js';

const BOOK = 'start-up';

/** A new process for everybody in each round: how long it loads, when the first answer is there, and what it holds at rest. */
export async function measureStartUp(bench: Bench): Promise<readonly LaneResult[]> {
  const samples = new Map<string, Sample[]>();
  const names = [...bench.runners].filter(([, { importMs }]) => importMs !== undefined).map(([name]) => name);
  for (let round = 1; round <= bench.effort.rounds; round += 1) {
    for (const name of names) {
      bench.progress(`start-up, round ${round} of ${bench.effort.rounds}: ${name}`);
      for (const [variant, figure] of await startOnce(bench, name)) {
        const key = `${variant}/${name}`;
        samples.set(key, [...(samples.get(key) ?? []), { figure }]);
      }
    }
  }
  return [IMPORT, FIRST_QUERY, MEMORY_AT_REST].flatMap(({ name: variant }) =>
    names.map((contestant) => ({
      contestant,
      variant,
      samples: samples.get(`${variant}/${contestant}`) ?? [],
      exact: true,
      problem: undefined,
    })),
  );
}

async function startOnce(bench: Bench, name: ContestantName): Promise<readonly (readonly [string, number])[]> {
  const database = await bench.server.filledBook(bench.ordersIn(FIRST_QUERY));
  const began = performance.now();
  const runner = await startContestant(name);
  if ('leftOut' in runner) throw new Error(runner.leftOut);
  try {
    const { memoryMb } = await runner.open(BOOK, bench.optionsFor(FIRST_QUERY, database));
    await runner.run(BOOK, bench.roundOf(FIRST_QUERY, 0));
    return [
      [IMPORT.name, runner.importMs ?? NaN],
      [FIRST_QUERY.name, performance.now() - began],
      [MEMORY_AT_REST.name, memoryMb],
    ];
  } finally {
    await runner.stop();
  }
}
