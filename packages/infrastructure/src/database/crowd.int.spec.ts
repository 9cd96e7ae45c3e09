import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from './database.js';

const CALLERS = 5_000;
const SESSIONS = 5;
const MAX_WAITING = 1_000;
const ROUNDS = 3;
/** What a caller may leave behind, over all rounds: less than the smallest object that keeps anything. */
const BYTES_PER_CALLER = 100;

describe(`${CALLERS} callers at once on ${SESSIONS} sessions`, { timeout: 120_000 }, () => {
  let storage: TestDatabase;

  beforeAll(async () => {
    storage = await createTestDatabase();
  });
  afterAll(() => storage.drop());

  const connect = (maxWaiting: number) =>
    Database.connect(storage.configWith({ maxPoolSize: SESSIONS, minPoolSize: SESSIONS, maxWaiting }));

  /** How often each answer was given to callers that all come in one turn. */
  async function crowd(database: Database, call: (caller: number) => Promise<unknown>) {
    const answers: Record<string, number> = {};
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const answer = await call(caller).then(
          () => 'served',
          (error: unknown) => (error as { code: string }).code,
        );
        answers[answer] = (answers[answer] ?? 0) + 1;
      }),
    );
    expect(database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
    return answers;
  }

  const kinds = (database: Database): Readonly<Record<string, (caller: number) => Promise<unknown>>> => ({
    'statements outside units': () => database.query('select 1'),
    'units of work': async () => {
      await using unit = database.begin();
      await unit.sql('select 1');
      await unit.commit();
    },
  });

  it('are served as far as the queue reaches; the others are told at once that it is full', async () => {
    await using database = await connect(MAX_WAITING);
    for (const call of Object.values(kinds(database))) {
      expect(await crowd(database, call)).toEqual({
        served: SESSIONS + MAX_WAITING,
        POOL_EXHAUSTED: CALLERS - SESSIONS - MAX_WAITING,
      });
    }
    expect(database.statistics().sessions).toMatchObject({ total: SESSIONS, created: SESSIONS });
    await expect(database.query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('share the reads as far as these are bounded; the others are told at once that too many wait', async () => {
    const settings = { sharedReadSessions: SESSIONS, sharedReadsInFlight: 100, maxWaiting: MAX_WAITING };
    await using database = await Database.connect(storage.configWith({ maxPoolSize: 1, ...settings }));
    const served = SESSIONS * settings.sharedReadsInFlight + MAX_WAITING;
    expect(await crowd(database, () => database.read.portfolios.findCurrent())).toEqual({
      served,
      POOL_EXHAUSTED: CALLERS - served,
    });
  });

  it('are all served, each session’s in the order in which they came, where the queue has room for them', async () => {
    await using database = await connect(CALLERS);
    const servedBy = new Map<number, number[]>();
    const answers = await crowd(database, async (caller) => {
      const [row] = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
      const pid = row?.pid ?? NaN;
      servedBy.set(pid, [...(servedBy.get(pid) ?? []), caller]);
    });
    expect(answers).toEqual({ served: CALLERS });
    expect(servedBy.size).toBe(SESSIONS);
    for (const callers of servedBy.values()) expect(callers).toEqual([...callers].sort((a, b) => a - b));
  });

  it('leave the queue at their deadline, and those who have none are served', async () => {
    await using database = await connect(CALLERS);
    const holders = await Promise.all(
      Array.from({ length: SESSIONS }, async () => {
        const unit = database.begin();
        await unit.sql('select 1');
        return unit;
      }),
    );
    const isImpatient = (caller: number) => caller % 2 === 0;
    let left = 0;
    const answers = await crowd(database, async (caller) => {
      if (!isImpatient(caller)) return database.query('select 1');
      return database.query('select 1', [], { timeoutMs: 50 }).finally(() => {
        left += 1;
        if (left === CALLERS / 2) for (const unit of holders) void unit.rollback();
      });
    });
    expect(answers).toEqual({ served: CALLERS / 2, TIMEOUT: CALLERS / 2 });
  });

  it(`leave no memory behind, whether they were served, refused or too impatient, ${ROUNDS} times`, async () => {
    await using database = await connect(MAX_WAITING);
    const round = async () => {
      for (const call of Object.values(kinds(database))) await crowd(database, call);
      await crowd(database, () => database.query('select 1', [], { timeoutMs: 20 }));
      await crowd(database, () => database.read.portfolios.findCurrent());
    };
    await round();
    const before = heapUsed();
    for (let number = 0; number < ROUNDS; number += 1) await round();
    const growth = heapUsed() - before;
    expect(growth).toBeLessThan(ROUNDS * 4 * CALLERS * BYTES_PER_CALLER);
  });
});

/** Bytes that are reachable. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let pass = 0; pass < 3; pass += 1) collect();
  return process.memoryUsage().heapUsed;
}
