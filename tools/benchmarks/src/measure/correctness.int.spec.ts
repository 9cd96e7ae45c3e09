import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newOrder } from '../book/inputs.js';
import { FEWEST_ORDERS } from '../book/layout.js';
import type { Open, OpenBook } from '../contestants/contestant.js';
import type { ContestantName } from '../contestants/names.js';
import { OPERATIONS, type OperationName } from '../contestants/operations.js';
import { orderRow } from '../contestants/order-row.js';
import type { Runner } from '../contestants/runner.js';
import { DelayProxy } from '../network/delay-proxy.js';
import { BenchServer } from '../server/bench-server.js';
import { addOrder } from '../workloads/add-order.js';
import { streamOrders } from '../workloads/stream-orders.js';
import type { Workload } from '../workloads/workload.js';
import { Bench } from './bench.js';
import { measureRates } from './measure-rates.js';
import { runRound } from './run-round.js';

const EFFORT = {
  rounds: 1,
  roundMs: 0,
  warmUpMs: 0,
  turnWarmUpMs: 0,
  mostTasks: 2,
  orders: { small: FEWEST_ORDERS, large: FEWEST_ORDERS },
  bulk: 1,
};

let server: BenchServer;
let proxy: DelayProxy;

beforeAll(async () => {
  server = await BenchServer.start();
  proxy = await DelayProxy.start(server.address, 0);
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Contestants in this process: what is looked at here is what they write. */
function inProcess(open: Open): Runner {
  const books = new Map<string, OpenBook>();
  const bookOf = (key: string) => books.get(key) ?? { close: () => Promise.resolve() };
  return {
    importMs: 0,
    open: async (key, options) => {
      const opened = await open(options);
      books.set(key, opened);
      const operations = (Object.keys(OPERATIONS) as OperationName[]).filter((name) => opened[name] !== undefined);
      return { operations, memoryMb: 0 };
    },
    run: (key, round) => runRound(bookOf(key) as Parameters<typeof runRound>[0], round),
    close: (key) => bookOf(key).close(),
    stop: () => Promise.resolve(),
  };
}

function writing(write: (sql: postgres.Sql, row: ReturnType<typeof orderRow>) => Promise<unknown>): Runner {
  return inProcess(({ url }) => {
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    return Promise.resolve({ addOrder: (order) => write(sql, orderRow(order)), close: () => sql.end() });
  });
}

/** What came of each, in the first variant of the workload. */
async function verdicts(workload: Workload, contestants: Partial<Record<ContestantName, Runner>>) {
  const runners = new Map(Object.entries(contestants) as [ContestantName, Runner][]);
  const bench = new Bench(server, proxy, runners, EFFORT, () => undefined);
  const results = await measureRates(bench, { ...workload, variants: workload.variants.slice(0, 1) });
  return Object.fromEntries(results.map(({ contestant, exact, problem }) => [contestant, problem ?? exact]));
}

describe('What contestants did', () => {
  it('is not exact when a digit was lost, a write was lost or made twice, or nothing could be opened', async () => {
    const add = (sql: postgres.Sql, row: object) => sql`insert into orders ${sql(row)}`;
    const problems = await verdicts(addOrder, {
      raw: writing(add),
      drizzle: writing((sql, row) => add(sql, { ...row, quantity: String(Number(row.quantity)) })),
      kysely: writing(() => Promise.resolve()),
      prisma: writing(async (sql, row) => {
        await add(sql, row);
        await add(sql, orderRow(newOrder()));
      }),
      typeorm: inProcess(() => Promise.reject(new Error('There is no way in.'))),
    });
    expect(problems).toEqual({
      raw: true,
      drizzle: expect.stringMatching(/^\d+ new rows are not what it was given$/) as string,
      kysely: expect.stringMatching(/writes are not there$/) as string,
      prisma: expect.stringMatching(/are there$/) as string,
      typeorm: 'There is no way in.',
    });
  });

  it('is not exact when a stream ends early', async () => {
    const streaming = (count: number) =>
      inProcess(() => Promise.resolve({ streamOrders: () => Promise.resolve(count), close: () => Promise.resolve() }));
    expect(
      await verdicts(streamOrders, { raw: streaming(FEWEST_ORDERS), kysely: streaming(FEWEST_ORDERS - 1) }),
    ).toEqual({ raw: true, kysely: 'It read 4999 orders instead of 5000.' });
  });
});
