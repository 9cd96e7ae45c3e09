import { withRetry } from '@blotter/application';
import { Pool } from 'tarn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseSettings } from './database-config.js';
import { Database } from './database.js';

let storage: TestDatabase;
let direct: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  direct = await Database.connect(storage.config);
});
afterAll(async () => {
  await direct.close();
  await storage.drop();
});

const connect = (applicationName: string, settings: DatabaseSettings) =>
  Database.connect(storage.configWith({ applicationName, ...settings }));

const sessionsOnServer = async (applicationName: string) => {
  const rows = await direct.query<{ pid: number }>(
    'select pid from pg_stat_activity where application_name = $1 order by pid',
    [applicationName],
  );
  return rows.map(({ pid }) => pid);
};

/** Takes a session out of the pool for as long as the unit lives. */
async function holdSession(database: Database) {
  const unit = database.begin();
  await unit.sql('select 1');
  return unit;
}

describe('the pool of sessions', () => {
  it('opens the minimum at the start, and no more than the maximum ever', async () => {
    await using database = await connect('sizes', { minPoolSize: 3, maxPoolSize: 4 });
    expect(await sessionsOnServer('sizes')).toHaveLength(3);
    await Promise.all(Array.from({ length: 20 }, () => database.query('select pg_sleep(0.01)')));
    expect(await sessionsOnServer('sizes')).toHaveLength(4);
    expect(database.statistics().sessions).toMatchObject({ total: 4, idle: 4, inUse: 0, waiting: 0, created: 4 });
  });

  it('refuses callers beyond its queue at once, and serves those in it', async () => {
    await using database = await connect('bounded', { maxPoolSize: 2, maxWaiting: 3 });
    const calls = Array.from({ length: 10 }, () => database.query('select pg_sleep(0.05)'));
    const results = await Promise.allSettled(calls);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(results).toHaveLength(10);
    expect(refused).toHaveLength(5);
    expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(Array(5).fill('POOL_EXHAUSTED'));
    expect(database.statistics().sessions).toMatchObject({ waiting: 0, inUse: 0, timeouts: 5 });
  });

  it('serves everybody for whom there is a session without a queue', async () => {
    await using database = await connect('no-queue', { maxPoolSize: 4, maxWaiting: 0 });
    await Promise.all(Array.from({ length: 4 }, () => database.query('select pg_sleep(0.02)')));
    expect(database.statistics().sessions.timeouts).toBe(0);
  });

  it('ends the wait for a session at the acquire deadline', async () => {
    // So long that the first session is there in time on a busy machine too.
    await using database = await connect('deadline', { maxPoolSize: 1, acquireTimeoutMs: 1_000 });
    const holder = await holdSession(database);
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
    await holder.rollback();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('replaces a session that was ended at the server while it was idle', async () => {
    await using database = await connect('ended', { minPoolSize: 1, maxPoolSize: 1 });
    const [pid] = await sessionsOnServer('ended');
    await direct.query('select pg_terminate_backend($1::int)', [String(pid)]);
    await expect.poll(() => sessionsOnServer('ended')).not.toContain(pid);
    // The news of its end may still be on the way: then the statement is the one that finds out.
    expect(await withRetry(() => database.query('select 1 as one'))).toEqual([{ one: 1 }]);
    expect(await sessionsOnServer('ended')).toHaveLength(1);
  });

  it('replaces a session that has lived its time, and closes what nobody needs', async () => {
    await using database = await connect('aged', {
      minPoolSize: 0,
      maxPoolSize: 3,
      maxLifetimeMs: 60,
      idleTimeoutMs: 60,
    });
    const [first] = await sessionsOnServer('aged');
    await expect.poll(() => sessionsOnServer('aged'), { timeout: 5_000 }).toEqual([]);
    await database.query('select 1');
    expect(await sessionsOnServer('aged')).not.toContain(first);
  });

  it('says what is wrong with the server, not that the pool is small, and works again when the server is back', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const settings = { applicationName: 'away', maxPoolSize: 2, acquireTimeoutMs: 500 };
    const database = await Database.connect(storage.configWith(settings).at('127.0.0.1', proxy.port));
    await proxy.close();
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => database.query('select 1')));
    const codes = new Set(calls.map((call) => (call as { reason: { code: string } }).reason.code));
    expect([...codes].filter((code) => code !== 'CONNECTION_FAILED' && code !== 'CONNECTION_LOST')).toEqual([]);
    expect(database.statistics().sessions.errors).toBeGreaterThan(0);

    const again = await startTcpProxy(storage.config.settings, 0, proxy.port);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
    await again.close();
  });

  it('fills up to the minimum without a figure of it, and borrows nothing when nothing is missing', async () => {
    await using database = await connect('filled', { minPoolSize: 2, maxPoolSize: 2 });
    const acquired = vi.spyOn(Pool.prototype, 'acquire');
    using monitor = database.monitor({ intervalMs: 1 });
    const reports = new Set<unknown>();
    await expect.poll(() => reports.add(monitor.report).size, { interval: 1 }).toBeGreaterThan(3);
    expect(acquired).not.toHaveBeenCalled();

    acquired.mockRestore();

    const ended = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'filled'`;
    await direct.query(ended);
    await expect.poll(() => database.statistics().sessions.created).toBe(4);
    expect(database.statistics().sessions.acquireTime).toEqual({ mean: 0, p99: 0, max: 0 });
  });

  it('gives what was just given back to the next caller, and counts it as free', async () => {
    await using database = await connect('at-hand', { minPoolSize: 1, maxPoolSize: 2 });
    const pid = async () => (await database.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;
    const first = await pid();
    const acquired = vi.spyOn(Pool.prototype, 'acquire');
    const released = vi.spyOn(Pool.prototype, 'release');
    try {
      for (let call = 0; call < 5; call += 1) expect(await pid()).toBe(first);
      // Between a release and the next call there is no turn in which the timer could end.
      expect(acquired).not.toHaveBeenCalled();
      expect(database.statistics().sessions).toMatchObject({ total: 1, idle: 1, inUse: 0, created: 1 });
      await expect.poll(() => released.mock.calls.length).toBeGreaterThan(0);
      expect(database.statistics().sessions).toMatchObject({ total: 1, idle: 1, inUse: 0, created: 1 });
    } finally {
      acquired.mockRestore();
      released.mockRestore();
    }
  });

  it('gives out none that has lived its time while it was at hand', async () => {
    await using database = await connect('aged-at-hand', { minPoolSize: 1, maxPoolSize: 1, maxLifetimeMs: 100 });
    const pid = async () => (await database.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;
    const first = await pid();
    await expect.poll(pid, { interval: 5 }).not.toBe(first);
    expect(await sessionsOnServer('aged-at-hand')).toHaveLength(1);
  });

  it('closes what is at hand with all others', async () => {
    const database = await connect('closed-at-hand', { minPoolSize: 2, maxPoolSize: 2 });
    await Promise.all([database.query('select 1'), database.query('select 1')]);
    await database.close();
    await expect.poll(() => sessionsOnServer('closed-at-hand')).toEqual([]);
  });

  it('gives out none that ended while it was at hand', async () => {
    await using database = await connect('ended-at-hand', { minPoolSize: 1, maxPoolSize: 1 });
    for (let round = 0; round < 5; round += 1) {
      const unit = await holdSession(database);
      const [pid] = await unit.sql<{ pid: number }>('select pg_backend_pid() as pid');
      await unit.rollback();
      await direct.query('select pg_terminate_backend($1, 1000)', [String(pid?.pid)]);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    }
    expect(database.statistics().sessions).toMatchObject({ total: 1, idle: 1, inUse: 0, created: 6 });
  });

  it('measures how long callers wait for a session', async () => {
    await using database = await connect('measured', { maxPoolSize: 1 });
    await Promise.all(Array.from({ length: 3 }, () => database.query('select pg_sleep(0.03)')));
    const { mean, p99, max } = database.statistics().sessions.acquireTime;
    expect(max).toBeGreaterThanOrEqual(50);
    expect(p99).toBe(max);
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThan(max);
  });
});

describe('close', () => {
  it('waits for what is under way, and begins nothing new', async () => {
    const database = await connect('draining', { maxPoolSize: 1 });
    const running = database.query('select pg_sleep(0.1)');
    const closing = database.close();
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await expect(database.begin().sql('select 1')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await running;
    await closing;
    expect(await sessionsOnServer('draining')).toEqual([]);
  });

  it('ends at the drain time what was abandoned or takes too long, rolled back and told so', async () => {
    const database = await connect('abandoned', { maxPoolSize: 3 });
    const abandoned = await holdSession(database);
    const slow = database.query('select pg_sleep(60)');
    const read = database.reading({}).portfolios.findCurrent();
    await read;
    const told = expect(slow).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await database.close({ drainMs: 50 });
    await told;
    await expect(abandoned.sql('select 1')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await expect.poll(() => sessionsOnServer('abandoned')).toEqual([]);
  });

  it('ends those who wait for a session', async () => {
    const database = await connect('waiting', { maxPoolSize: 1 });
    const holder = await holdSession(database);
    const waiting = expect(database.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    const closing = database.close();
    await holder.rollback();
    await closing;
    await waiting;
  });

  it('may be called again with less time, and then waits no longer than that', async () => {
    const database = await connect('hurried', { maxPoolSize: 1 });
    const slow = expect(database.query('select pg_sleep(60)')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    const patient = database.close({ drainMs: 86_400_000 });
    await database.close({ drainMs: 0 });
    await patient;
    await slow;
  });

  it.each([Infinity, 2 ** 31])('given %s milliseconds lets what is under way end', async (drainMs) => {
    const database = await connect('unhurried', { maxPoolSize: 1 });
    const running = database.query('select pg_sleep(0.1)', [], { timeoutMs: Infinity });
    const unit = database.reading({ timeoutMs: 2 ** 31 }).portfolios.findCurrent();
    await Promise.all([database.close({ drainMs }), running, unit]);
    expect(await sessionsOnServer('unhurried')).toEqual([]);
  });

  it('given NaN refuses, and closes nothing', async () => {
    await using database = await connect('confused', { maxPoolSize: 1 });
    const refused = { code: 'CONFIGURATION' };
    await expect(database.close({ drainMs: Number.NaN })).rejects.toMatchObject(refused);
    expect(() => database.monitor({ intervalMs: Number.NaN })).toThrow(expect.objectContaining(refused) as Error);
    await expect(database.query('select 1', [], { timeoutMs: Number.NaN })).rejects.toMatchObject(refused);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('may be called twice', async () => {
    const database = await connect('twice', { maxPoolSize: 1 });
    await Promise.all([database.close(), database.close()]);
    await database.close();
  });
});
