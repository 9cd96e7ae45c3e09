import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Blotter, TransactionManager, type WaitOptions } from '@blotter/application';
import { BlotterError, type PortfolioId } from '@blotter/domain';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeededRandom } from '../../test/seeded-random.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { PostgresUnitOfWork } from '../transactions/postgres-unit-of-work.js';
import { Database } from './database.js';

const SEED = 7;
const ABORTS = 1_000;
/** With the neighbours more than there are sessions, so that some wait for one. */
const ABORTED_TASKS = 4;
const NEIGHBOURS = 2;
/** `done` when the abort came too late; AMBIGUOUS_COMMIT when COMMIT was under way. */
const TRUE_ANSWERS = ['done', 'ABORTED', 'AMBIGUOUS_COMMIT'];
/** The latest moment of an abort, in milliseconds after the call got where it is to be aborted. */
const LATEST_MS = 8;

let storage: TestDatabase;
/** Looks on, and keeps the lock that others wait for. */
let observer: Database;
let database: Database;
let transactions: TransactionManager<PostgresUnitOfWork>;
let lockedId: PortfolioId;
let freeId: PortfolioId;

beforeAll(async () => {
  storage = await createTestDatabase();
  observer = await Database.connect(storage.configWith({ maxPoolSize: 2 }));
  database = await Database.connect(storage.configWith({ applicationName: 'aborted', maxPoolSize: 4 }));
  transactions = new TransactionManager(database);
  const blotter = new Blotter(observer);
  lockedId = (await blotter.openPortfolio(anyNewPortfolio())).id;
  freeId = (await blotter.openPortfolio(anyNewPortfolio())).id;
  await observer.query('create table notes (task text, number int, primary key (task, number))');
});
afterAll(async () => {
  await database.close();
  await observer.close();
  await storage.drop();
});

/** A call that is aborted; it says when it has come to what is to be aborted. */
type Call = (wait: WaitOptions, reached: () => void, number: number) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  'a unit that waits for a session': (wait, reached) => {
    reached();
    return transactions.execute((unit) => unit.sql('select pg_sleep(0.002)'), wait);
  },
  'a unit that waits for a lock': unitThat(async (unit, reached) => {
    reached();
    await unit.portfolios.getForUpdate(lockedId);
  }),
  'a unit whose statement runs': unitThat(async (unit, reached) => {
    reached();
    await unit.sql('select pg_sleep(1)');
  }),
  'a unit that waits for its own work': unitThat(async (_, reached) => {
    reached();
    await sleep(LATEST_MS / 2);
  }),
  'a unit that writes and commits': unitThat(async (unit, reached, number) => {
    reached();
    await writeNote(unit, 'aborted', number);
  }),
  'a statement outside a unit': (wait, reached) => {
    reached();
    return database.query('select pg_sleep(0.004)', [], wait);
  },
  'a shared read': (wait, reached) => {
    reached();
    return database.reading(wait).portfolios.getWithPositions(freeId);
  },
};

/** A unit that has its session already. */
function unitThat(work: (unit: PostgresUnitOfWork, reached: () => void, number: number) => Promise<void>): Call {
  return (wait, reached, number) =>
    transactions.execute(async (unit) => {
      await unit.sql('select 1');
      await work(unit, reached, number);
    }, wait);
}

async function writeNote(unit: PostgresUnitOfWork, task: string, number: number): Promise<void> {
  await unit.sql('insert into notes values ($1, $2::int)', [task, String(number)]);
  await unit.sql('select pg_sleep(0.002)');
}

const told = new Map<string, Set<string>>();
const written = { done: [] as number[], aborted: [] as number[] };
/** Aborted signals that something still listens to. */
let listenedTo = 0;
let aborts = 0;

async function abortCalls(task: number): Promise<void> {
  const random = new SeededRandom(SEED * 1_000 + task);
  for (let number = task; aborts < ABORTS; number += ABORTED_TASKS) {
    const [name, call] = random.pick(Object.entries(CALLS));
    const controller = new AbortController();
    let outcome: Promise<string> | undefined;
    const reached = new Promise<void>((resolve) => {
      outcome = call({ signal: controller.signal }, resolve, number).then(
        () => 'done',
        (error: unknown) => (error instanceof BlotterError ? error.code : String(error)),
      );
    });
    await Promise.race([reached, outcome]);
    await moment(random);
    controller.abort();
    const said = (await outcome) ?? 'nothing';
    if (said !== 'done') aborts += 1;
    told.set(name, (told.get(name) ?? new Set()).add(said));
    if (name === 'a unit that writes and commits' && said === 'done') written.done.push(number);
    if (name === 'a unit that writes and commits' && said === 'ABORTED') written.aborted.push(number);
    listenedTo += getEventListeners(controller.signal, 'abort').length;
  }
}

/** At once, in the next turn, or some milliseconds later. */
async function moment(random: SeededRandom): Promise<void> {
  const milliseconds = random.below(LATEST_MS + 2) - 2;
  if (milliseconds === -1) await nextTurn();
  if (milliseconds >= 0) await sleep(milliseconds);
}

/** Does what the others do, under one signal that nobody aborts, for as long as they are aborted. How often it came round. */
async function live(name: string, signal: AbortSignal): Promise<number> {
  let rounds = 0;
  for (; aborts < ABORTS; rounds += 1) {
    const number = rounds;
    await transactions.execute((unit) => writeNote(unit, name, number), { signal });
    expect((await database.reading({ signal }).portfolios.get(freeId)).id).toBe(freeId);
    expect(await database.query('select 1 as one, pg_sleep(0.001)', [], { signal })).toMatchObject([{ one: 1 }]);
  }
  return rounds;
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

async function storedNotes(task: string): Promise<number[]> {
  const rows = await observer.query<{ number: number }>('select number from notes where task = $1 order by number', [
    task,
  ]);
  return rows.map(({ number }) => number);
}

/** What the server still does for those who were aborted, and for their neighbours. */
function atWork(): Promise<readonly unknown[]> {
  return observer.query(`select state from pg_stat_activity where application_name = 'aborted' and state <> 'idle'`);
}

test(
  `${ABORTS} aborts at random moments, seed ${SEED}, hit nobody else, leave the pool whole, and keep no listener`,
  { timeout: 240_000 },
  async () => {
    const neighbourhood = new AbortController();
    const holder = observer.begin();
    await holder.portfolios.getForUpdate(lockedId);
    const names = Array.from({ length: NEIGHBOURS }, (_, number) => `neighbour ${number}`);
    const [rounds] = await Promise.all([
      Promise.all(names.map((name) => live(name, neighbourhood.signal))),
      ...Array.from({ length: ABORTED_TASKS }, (_, task) => abortCalls(task)),
    ]);
    await holder.rollback();

    // Nobody else was hit: every round of the neighbours was answered, and is stored.
    expect(Math.min(...rounds)).toBeGreaterThan(0);
    expect(await Promise.all(names.map((name) => storedNotes(name)))).toEqual(rounds.map(upTo));

    // The callers were told what is true.
    const codes = new Set([...told.values()].flatMap((said) => [...said]));
    expect([...codes].filter((code) => !TRUE_ANSWERS.includes(code))).toEqual([]);
    expect([...told].filter(([, said]) => said.has('ABORTED')).map(([name]) => name)).toHaveLength(
      Object.keys(CALLS).length,
    );
    await expect.poll(() => atWork()).toEqual([]);
    const stored = new Set(await storedNotes('aborted'));
    expect(written.done.filter((number) => !stored.has(number))).toEqual([]);
    expect(written.aborted.filter((number) => stored.has(number))).toEqual([]);

    // Nothing is left of it.
    const { inUse, waiting, total } = database.statistics().sessions;
    expect({ inUse, waiting }).toEqual({ inUse: 0, waiting: 0 });
    expect(total).toBeLessThanOrEqual(4);
    expect(listenedTo).toBe(0);
    expect(getEventListeners(neighbourhood.signal, 'abort')).toEqual([]);
    const locked = new TransactionManager(database).execute((unit) => unit.portfolios.getForUpdate(lockedId));
    expect((await locked).id).toBe(lockedId);
  },
);
