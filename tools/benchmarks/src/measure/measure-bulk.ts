import { messageOf } from '../contestants/message-of.js';
import type { Workload } from '../workloads/workload.js';
import type { Bench } from './bench.js';
import { checkBook } from './check-book.js';
import { inTurn } from './in-turn.js';
import { Lane } from './lane.js';
import type { LaneResult } from './result.js';

const BOOK = 'bulk';

/** One piece of work on a fresh copy of the book in each round, so that nobody finds more in it than another. */
export async function measureBulk(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  const { effort } = bench;
  const lanes = await lanesOf(bench, workload);
  for (let round = 1; round <= effort.rounds; round += 1) {
    for (const lane of inTurn(lanes, round)) {
      bench.progress(`${workload.name}, round ${round} of ${effort.rounds}: ${lane.contestant}`);
      if (!lane.isDone) await measureOnCopy(bench, lane);
    }
  }
  return lanes.map((lane) => lane.result());
}

/** Those who have a way of their own for it. */
async function lanesOf(bench: Bench, { variants }: Workload): Promise<readonly Lane[]> {
  const lanes: Lane[] = [];
  for (const variant of variants) {
    const options = bench.optionsFor(variant, await bench.server.filledBook(bench.ordersIn(variant)));
    for (const [contestant, runner] of bench.runners) {
      const lane = new Lane(contestant, variant, runner, BOOK);
      try {
        const { operations } = await runner.open(BOOK, options);
        await runner.close(BOOK);
        if (operations.includes(variant.operation)) lanes.push(lane);
      } catch (error) {
        lane.fail(messageOf(error));
        lanes.push(lane);
      }
    }
  }
  return lanes;
}

async function measureOnCopy(bench: Bench, lane: Lane): Promise<void> {
  const { server } = bench;
  const { variant, runner } = lane;
  const orders = bench.ordersIn(variant);
  const database = await server.copyOfBook(orders);
  await server.checkpoint();
  lane.operations = 0;
  await lane.guarded(async () => {
    await runner.open(BOOK, bench.optionsFor(variant, database));
    await lane.measure(bench.roundOf(variant, 0), bench.meters);
    await runner.close(BOOK);
  });
  if (!lane.hasFailed) await checkBook(bench, { database, copiedFrom: await server.filledBook(orders) }, [lane]);
  await server.drop(database);
}
