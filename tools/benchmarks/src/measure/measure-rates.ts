import type { Runner } from '../contestants/runner.js';
import type { Opened } from '../contestants/protocol.js';
import type { Workload } from '../workloads/workload.js';
import type { Bench } from './bench.js';
import { checkBook } from './check-book.js';
import { Lane } from './lane.js';
import type { LaneResult } from './result.js';

/**
 * Everybody keeps its connections open and works for a while in each round: all variants and contestants one after another, so that
 * they share what else the machine does. Reads share one book; who writes has a copy of its own, which is looked at in the end.
 */
export async function measureRates(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  const { server, effort, runners } = bench;
  const lanes: Lane[] = [];
  const copies: { database: string; copiedFrom: string; lanes: Lane[] }[] = [];
  const open: OpenBooks[] = [];
  for (const [contestant, runner] of runners) {
    const books = new OpenBooks(runner);
    open.push(books);
    const own: Lane[] = [];
    const [first] = workload.variants;
    const copiedFrom = first && (await server.filledBook(bench.ordersIn(first)));
    const copy = workload.kind === 'writes' && first ? await server.copyOfBook(bench.ordersIn(first)) : undefined;
    for (const variant of workload.variants) {
      const database = copy ?? (await server.filledBook(bench.ordersIn(variant)));
      const { key, operations } = await books.open(bench.optionsFor(variant, database));
      if (operations.includes(variant.operation)) own.push(new Lane(contestant, variant, runner, key));
    }
    if (copy !== undefined && copiedFrom !== undefined) copies.push({ database: copy, copiedFrom, lanes: own });
    lanes.push(...own);
  }
  await server.checkpoint();
  const { meters } = bench;
  if (effort.warmUpMs > 0) for (const lane of lanes) await lane.warmUp(bench.roundOf(lane.variant, effort.warmUpMs));
  for (let round = 1; round <= effort.rounds; round += 1) {
    for (const lane of lanes) {
      bench.progress(`${workload.name}, round ${round} of ${effort.rounds}: ${lane.contestant}`);
      // Once without counting: connections that were idle meanwhile are asked whether they live.
      if (workload.kind === 'writes') await lane.warmUp(bench.roundOf(lane.variant, 0));
      await lane.measure(bench.roundOf(lane.variant, effort.roundMs), meters);
    }
  }
  for (const books of open) await books.close();
  for (const { lanes: own, ...copy } of copies) {
    await checkBook(bench, copy, own);
    await server.drop(copy.database);
  }
  for (const lane of lanes) if (!lane.hasFailed) lane.exact ??= true;
  return lanes.map((lane) => lane.result());
}

/** The books that one contestant has open: one for all variants that would open it alike. */
class OpenBooks {
  private readonly opened = new Map<string, Opened>();

  constructor(private readonly runner: Runner) {}

  async open(options: ReturnType<Bench['optionsFor']>): Promise<Opened & { readonly key: string }> {
    const key = `${options.url} ${options.sessions}`;
    const opened = this.opened.get(key) ?? (await this.runner.open(key, options));
    this.opened.set(key, opened);
    return { ...opened, key };
  }

  async close(): Promise<void> {
    for (const key of this.opened.keys()) await this.runner.close(key);
  }
}
