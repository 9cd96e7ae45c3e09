import { countRows, countWrongRows } from '../book/exactness.js';
import { createdAt, orderId, orderNumber, ordersOfFirst, PORTFOLIOS } from '../book/layout.js';
import type { ContestantName } from '../contestants/names.js';
import type { Round } from '../contestants/protocol.js';
import type { Runner } from '../contestants/runner.js';
import type { DelayProxy } from '../network/delay-proxy.js';
import type { BenchServer } from '../server/bench-server.js';
import { sessionsFor, type Scale, type Variant, type Workload } from '../workloads/workload.js';
import { Lane } from './lane.js';
import type { LaneResult } from './result.js';

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly scale: Scale;
}

export interface Bench {
  readonly server: BenchServer;
  readonly proxy: DelayProxy;
  readonly runners: ReadonlyMap<ContestantName, Runner>;
  readonly effort: Effort;
  readonly progress: (text: string) => void;
}

/** Measures a workload: all variants and contestants in each round, one after another, so that they share what the machine does. */
export function measureWorkload(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  return workload.kind === 'bulk' ? measureBulk(bench, workload) : measureRates(bench, workload);
}

async function measureRates(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  const { server, effort } = bench;
  const books = new Map<ContestantName, string>();
  const lanes: Lane[] = [];
  for (const [contestant, runner] of bench.runners) {
    for (const variant of workload.variants) {
      const orders = effort.scale[variant.book];
      const database =
        workload.kind === 'reads'
          ? await server.filledBook(orders)
          : (books.get(contestant) ?? (await server.copyOfBook(orders)));
      if (workload.kind === 'writes') books.set(contestant, database);
      const { operations } = await runner.open(variant.name, optionsFor(bench, variant, database));
      if (operations.includes(variant.operation)) lanes.push(new Lane(contestant, variant, runner));
      else await runner.close(variant.name);
    }
  }
  await server.checkpoint();
  for (const lane of lanes) await lane.warmUp(lane.variant.name, roundOf(effort, lane.variant, effort.warmUpMs));
  for (let round = 1; round <= effort.rounds; round += 1) {
    bench.progress(`${workload.name}, round ${round} of ${effort.rounds}`);
    for (const lane of lanes) {
      await lane.measure(lane.variant.name, roundOf(effort, lane.variant, effort.roundMs), server.postmasterPid);
    }
  }
  for (const lane of lanes) await bench.runners.get(lane.contestant)?.close(lane.variant.name);
  if (workload.kind === 'reads') for (const lane of lanes) lane.exact ??= true;
  for (const [contestant, database] of books) {
    const own = lanes.filter((lane) => lane.contestant === contestant);
    await checkBook(bench, workload, database, own);
    await server.drop(database);
  }
  return lanes.map((lane) => lane.result());
}

/** What everyone wrote must be there and agree; a contestant's variants share its book, so they share the verdict. */
async function checkBook(
  { server, effort }: Bench,
  { variants }: Workload,
  database: string,
  lanes: readonly Lane[],
): Promise<void> {
  const [first] = variants;
  if (first === undefined) return;
  const still = await server.connected(await server.filledBook(effort.scale[first.book]), countRows);
  await server.connected(database, async (sql) => {
    const rows = await countRows(sql);
    const wrong = await countWrongRows(sql);
    const done = lanes.reduce((sum, { operations }) => sum + operations, 0);
    const added = rows.orders - still.orders + rows.executions - still.executions;
    for (const lane of lanes) {
      if (wrong > 0) lane.fail(`${wrong} rows do not agree with their executions`);
      else if (added < done) lane.fail(`${done - added} of ${done} writes are not there`);
      lane.exact ??= true;
    }
  });
}

async function measureBulk(bench: Bench, workload: Workload): Promise<readonly LaneResult[]> {
  const { server, effort } = bench;
  const lanes = workload.variants.flatMap((variant) =>
    [...bench.runners].map(([contestant, runner]) => new Lane(contestant, variant, runner)),
  );
  const unable = new Set<Lane>();
  for (let round = 1; round <= effort.rounds; round += 1) {
    for (const lane of lanes) {
      if (unable.has(lane) || lane.hasFailed) continue;
      bench.progress(`${workload.name}, round ${round} of ${effort.rounds}: ${lane.contestant}`);
      const { variant, contestant } = lane;
      const runner = bench.runners.get(contestant);
      if (runner === undefined) continue;
      const database = await server.copyOfBook(effort.scale[variant.book]);
      const { operations } = await runner.open(variant.name, optionsFor(bench, variant, database));
      if (operations.includes(variant.operation)) {
        await server.checkpoint();
        lane.operations = 0;
        await lane.measure(variant.name, roundOf(effort, variant, 0), server.postmasterPid);
        await checkBook(bench, workload, database, [lane]);
      } else unable.add(lane);
      await runner.close(variant.name);
      await server.drop(database);
    }
  }
  return lanes.filter((lane) => !unable.has(lane)).map((lane) => lane.result());
}

function optionsFor({ server, proxy }: Bench, variant: Variant, database: string) {
  const url = new URL(server.url(database));
  if (variant.delayed) url.port = String(proxy.port);
  return { url: url.href, sessions: sessionsFor(variant) };
}

function roundOf({ scale }: Effort, variant: Variant, forMs: number): Round {
  const orders = scale[variant.book];
  const { operation, tasks, portfolios = PORTFOLIOS, depth } = variant;
  const before = depth === undefined ? undefined : orderNumber(orders, 1, Math.floor(ordersOfFirst(orders) * depth));
  return {
    operation,
    orders,
    tasks,
    forMs,
    amount: scale.bulk,
    portfolios,
    pageStart: before === undefined ? undefined : { id: orderId(before), createdAt: createdAt(before) },
  };
}
