import { messageOf } from './message-of.js';
import type { LeftOut, StartRunner } from './find-contestant.js';
import type { ContestantName } from './names.js';
import type { Runner } from './runner.js';

/**
 * Lets work be done by new processes, and ends them: what a contestant has compiled, cached and kept is of this work alone.
 * Who does not start is left out from then on.
 */
export async function withRunners<Result>(
  starts: Map<ContestantName, StartRunner>,
  leftOut: Map<ContestantName, LeftOut>,
  work: (runners: ReadonlyMap<ContestantName, Runner>) => Promise<Result>,
): Promise<Result> {
  const runners = new Map<ContestantName, Runner>();
  try {
    await Promise.all(
      [...starts].map(async ([name, start]) => {
        try {
          runners.set(name, await start());
        } catch (error) {
          starts.delete(name);
          leftOut.set(name, { leftOut: `it did not start: ${messageOf(error)}` });
        }
      }),
    );
    const inOrder = [...starts.keys()].flatMap((name) => {
      const runner = runners.get(name);
      return runner ? [[name, runner] as const] : [];
    });
    return await work(new Map(inOrder));
  } finally {
    await Promise.all([...runners.values()].map((runner) => runner.stop()));
  }
}
