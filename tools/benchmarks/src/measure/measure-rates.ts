import type { Workload } from '../workloads/workload.js';
import type { Bench } from './bench.js';
import { inTurn } from './in-turn.js';
import type { Lane } from './lane.js';
import { OwnBooks } from './own-books.js';
import type { LaneResult } from './result.js';

/**
 * Everybody keeps its connections open and works for a while in each round: all variants and contestants one after another, so that
 * they share what else the machine does. Reads share one book; who writes has a copy of its own, which is looked at in the end.
 */
export async function measureRates(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  const { server, effort, meters } = bench;
  const areWritten = workload.kind === 'writes';
  const everybody = [...bench.runners].map(([name, runner]) => new OwnBooks(bench, name, runner, areWritten));
  const lanes: Lane[] = [];
  for (const books of everybody) {
    for (const variant of workload.variants) {
      const lane = await books.lane(variant);
      if (lane) lanes.push(lane);
    }
  }
  for (const lane of lanes) {
    if (effort.warmUpMs > 0 && !lane.variant.isLong) await lane.warmUp(bench.roundOf(lane.variant, effort.warmUpMs));
  }
  for (let round = 1; round <= effort.rounds; round += 1) {
    // What was written so far goes to the disk now, and not by a checkpoint within somebody's time.
    if (areWritten || round === 1) await server.checkpoint();
    for (const lane of inTurn(lanes, round)) {
      if (lane.isDone) continue;
      bench.progress(`${workload.name}, round ${round} of ${effort.rounds}: ${lane.contestant}`);
      // Without counting, for it has slept through the others' turns: its connections are asked whether they live, and it begins slowly.
      if (!lane.variant.isLong) await lane.warmUp(bench.roundOf(lane.variant, effort.turnWarmUpMs));
      await lane.measure(bench.roundOf(lane.variant, effort.roundMs), meters);
    }
  }
  for (const books of everybody) await books.close();
  for (const lane of lanes) if (!lane.hasFailed) lane.exact ??= true;
  return lanes.map((lane) => lane.result());
}
