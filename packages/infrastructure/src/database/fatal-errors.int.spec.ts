import { TransactionManager } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from './database.js';

let storage: TestDatabase;
let observer: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  observer = await Database.connect(storage.config);
});
afterAll(async () => {
  await observer.close();
  await storage.drop();
});

const connect = (settings: Parameters<TestDatabase['configWith']>[0] = {}) =>
  Database.connect(storage.configWith({ minPoolSize: 1, maxPoolSize: 1, ...settings }));

const PID = 'select pg_backend_pid()::text as pid';

const untilGone = (pid: string | undefined) =>
  expect
    .poll(() => observer.query('select 1 from pg_stat_activity where pid = $1::int', [String(pid)]), {
      timeout: 20_000,
    })
    .toEqual([]);

describe('a session that the server ends', () => {
  it('because its transaction was idle for too long: TIMEOUT, and the work is not repeated', async () => {
    await using database = await connect({ idleInTransactionTimeoutMs: 100 });
    let runs = 0;
    const work = new TransactionManager(database).executeWithRetry(async (unit) => {
      runs += 1;
      const [row] = await unit.sql<{ pid: string }>(PID);
      await untilGone(row?.pid);
      await unit.sql('select 1');
    });
    await expect(work).rejects.toMatchObject({ code: 'TIMEOUT', cause: { sqlState: '25P03' } });
    expect(runs).toBe(1);
  });

  it('because it is told to: SERVER_UNAVAILABLE for what waits for an answer, and the work is repeated', async () => {
    await using database = await connect();
    const told: unknown[] = [];
    const work = new TransactionManager(database).executeWithRetry(async (unit, attempt) => {
      if (attempt > 1) return attempt;
      const [row] = await unit.sql<{ pid: string }>(PID);
      const waiting = unit.sql('select pg_sleep(60)').catch((error: unknown) => {
        told.push(error);
        throw error;
      });
      // It may be told before this, which is waited for first, is answered.
      waiting.catch(() => undefined);
      await observer.query('select pg_terminate_backend($1::int)', [String(row?.pid)]);
      return waiting;
    });
    expect(await work).toBe(2);
    expect(told).toMatchObject([{ code: 'SERVER_UNAVAILABLE', cause: { sqlState: '57P01' } }]);
  });

  it('while it commits: nobody knows, whatever the server says of the reason', async () => {
    await using database = await connect();
    // The check of the constraint comes with COMMIT, and waits there until the session is ended.
    await database.query('create table slow (pid int)');
    await database.query(`create function wait_long() returns trigger language plpgsql
                          as $$ begin perform pg_sleep(60); return null; end $$`);
    await database.query(`create constraint trigger waits after insert on slow deferrable initially deferred
                          for each row execute function wait_long()`);
    const unit = database.begin();
    const [row] = await unit.sql<{ pid: string }>(PID);
    await unit.sql('insert into slow values (1)');
    const commit = unit.commit();
    const ambiguous = expect(commit).rejects.toMatchObject({
      code: 'AMBIGUOUS_COMMIT',
      cause: { code: 'SERVER_UNAVAILABLE' },
    });
    await expect
      .poll(() =>
        observer.query(`select 1 from pg_stat_activity where pid = $1::int and query = 'commit'`, [String(row?.pid)]),
      )
      .toHaveLength(1);
    await observer.query('select pg_terminate_backend($1::int)', [String(row?.pid)]);
    await ambiguous;
  });

  it('finds the reason in whatever pieces it arrives', async () => {
    await using database = await connect();
    // Answers of many sizes before the end: the reader of the protocol must keep its place in all of them.
    for (let length = 1; length < 200_000; length *= 3) {
      await database.query(`select repeat('E', ${length}) as text from generate_series(1, 50)`);
    }
    const [row] = await database.query<{ pid: string }>(PID);
    const waiting = expect(database.query('select pg_sleep(60)')).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    await observer.query('select pg_terminate_backend($1::int)', [String(row?.pid)]);
    await waiting;
  });
});

describe('a transaction that may only read', () => {
  it('has written nothing, whatever became of its COMMIT: that is never ambiguous', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    await using database = await connect({ host: '127.0.0.1', port: proxy.port });
    const unit = database.begin({ readOnly: true, timeoutMs: 300 });
    await unit.sql('select 1');
    proxy.silence();
    await expect(unit.commit()).rejects.toMatchObject({ code: 'TIMEOUT' });
    await proxy.close();
  });
});
