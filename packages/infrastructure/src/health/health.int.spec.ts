import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingLogger } from '../../test/recording-logger.js';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import type { HealthState } from './health-report.js';

let storage: TestDatabase;
let database: Database;

beforeAll(async () => {
  storage = await createTestDatabase({ settings: { maxPoolSize: 2, minPoolSize: 2, applicationName: 'healthy' } });
  database = await Database.connect(storage.config);
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

/** On a busy machine an answer may take long: that is not what is asked here. */
const UNHURRIED = [{ timeoutMs: 20_000 }, { slowMs: 20_000 }] as const;

describe('the health of a database', () => {
  it('is up, with what the server says of itself and of our sessions', async () => {
    const report = await database.health(...UNHURRIED);
    expect(report).toMatchObject({ state: 'up', reasons: [], error: undefined, pool: { total: 2, waiting: 0 } });
    expect(report.server).toMatchObject({
      role: 'primary',
      isReadOnly: false,
      migrationsPending: 0,
      migrationsUnfinished: 0,
      migrationsNewer: 0,
      oldestTransactionMs: 0,
      sessions: { active: 0, idle: 2, idleInTransaction: 0 },
    });
    expect(report.server?.version).toMatch(/^\d+/);
    expect(report.server?.roundTripMs).toBeGreaterThan(0);
    expect(await database.ready()).toBe(true);
  });

  it('is degraded while callers wait for a session, and while a transaction is open for too long', async () => {
    const [first, second] = [database.begin(), database.begin()];
    await Promise.all([first.sql('select 1'), second.sql('select 1')]);
    const waiting = database.query('select 1');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const report = await database.health({}, { oldTransactionMs: 10 });
    expect(report.state).toBe('degraded');
    expect(report.reasons).toEqual(['CALLERS_WAITING', 'OLD_TRANSACTION']);
    expect(report.server?.sessions.idleInTransaction).toBe(2);
    expect(await database.ready()).toBe(true);
    await Promise.all([first.rollback(), second.rollback(), waiting]);
    expect((await database.health(...UNHURRIED)).state).toBe('up');
  });

  it('is degraded, not down, while a transaction is open for longer than an int has milliseconds', async () => {
    const old = await createTestDatabase();
    const { name } = old.config.settings;
    await using preparing = await Database.connect(old.config.with({ minPoolSize: 0 }));
    await preparing.query(`create view public.pg_stat_activity as
      select 0 as pid, 'idle in transaction' as state, clock_timestamp() - interval '26 days' as xact_start,
             current_setting('application_name') as application_name, current_database() as datname`);
    // The view is found before the server's own, which cannot be so old.
    await preparing.query(`alter database ${name} set search_path = public, pg_catalog`);
    await using fresh = await Database.connect(old.config);
    const report = await fresh.health(...UNHURRIED);
    expect(report).toMatchObject({ state: 'degraded', reasons: ['OLD_TRANSACTION'], error: undefined });
    expect(report.server?.oldestTransactionMs).toBeGreaterThanOrEqual(26 * 86_400_000);
    await fresh.close();
    await preparing.close();
    await old.drop();
  });

  it('is degraded and not ready on a server that takes no writes', async () => {
    const frozen = await createTestDatabase();
    const fresh = await Database.connect(frozen.config);
    await fresh.query(`alter database ${frozen.config.settings.name} set default_transaction_read_only = on`);
    expect(await fresh.health(...UNHURRIED)).toMatchObject({ state: 'degraded', reasons: ['READ_ONLY'] });
    expect(await fresh.ready()).toBe(false);
    await fresh.close();
    await frozen.drop();
  });

  it('is what each caller has the time to hear: one that goes takes nothing from the others', async () => {
    const fresh = await Database.connect(storage.configWith({ applicationName: 'asked by many', minPoolSize: 1 }));
    const hasty = [
      () => fresh.health({ timeoutMs: 0 }),
      () => fresh.health({ signal: AbortSignal.abort() }),
      () => fresh.health({ timeoutMs: 0 }),
    ];
    for (const [index, leave] of hasty.entries()) {
      const [left, patient] = await Promise.all([leave(), fresh.health(...UNHURRIED)]);
      expect(left).toMatchObject({ state: 'down', error: { code: index === 1 ? 'ABORTED' : 'TIMEOUT' } });
      expect(patient).toMatchObject({ state: 'up', error: undefined });
    }
    // One of the pool, and one of the checks: nobody's leaving has ended it.
    const sessions = await database.query('select pid from pg_stat_activity where application_name = $1', [
      'asked by many',
    ]);
    expect(sessions).toHaveLength(2);
    await fresh.close();
  });

  it('is down for those who wait longest when the server is silent, and up with the next question', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const fresh = await Database.connect(storage.configWith({}).at('127.0.0.1', proxy.port));
    expect(await fresh.health(...UNHURRIED)).toMatchObject({ state: 'up' });
    proxy.silence();
    const reports = await Promise.all([fresh.health({ timeoutMs: 10 }), fresh.health({ timeoutMs: 2_500 })]);
    expect(reports).toMatchObject([{ error: { code: 'TIMEOUT' } }, { error: { code: 'TIMEOUT' } }]);
    expect(await fresh.health(...UNHURRIED)).toMatchObject({ state: 'up' });
    await fresh.close({ drainMs: 0 });
    await proxy.close();
  });

  it('says that it is down when it was closed, and is not live any more', async () => {
    const closed = await Database.connect(storage.config);
    expect(closed.live()).toBe(true);
    await closed.close();
    expect(closed.live()).toBe(false);
    expect(await closed.health()).toMatchObject({ state: 'down', error: { code: 'DATABASE_CLOSED' } });
  });
});

describe('a monitor', () => {
  it('tells when the server goes away and comes back, without a restart, and never asks it whether the program lives', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const watched = await Database.connect(storage.configWith({ minPoolSize: 2 }).at('127.0.0.1', proxy.port));
    const monitor = watched.monitor({ intervalMs: 20 });
    const states: (HealthState | undefined)[] = [];
    monitor.onChange(({ from, to }) => {
      if (states.length === 0) states.push(from);
      states.push(to);
    });
    await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('up');

    await proxy.close();
    await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('down');
    expect(monitor.report).toMatchObject({ reasons: ['NO_ANSWER'], server: undefined });
    expect(watched.live()).toBe(true);
    expect(await watched.ready()).toBe(false);

    const again = await startTcpProxy(storage.config.settings, 0, proxy.port);
    await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('up');
    expect(states).toEqual([undefined, 'up', 'degraded', 'down', 'up']);
    // The sessions that died meanwhile were replaced by the monitor: nobody has asked for one.
    await expect.poll(() => watched.statistics().sessions.created).toBe(4);
    await watched.close();
    await again.close();
  });

  it('goes on when a listener throws or rejects, tells the others, and logs it', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const logger = recordingLogger();
    const config = storage.configWith({ minPoolSize: 0 }).at('127.0.0.1', proxy.port);
    const watched = await Database.connect(config, { logger });
    const monitor = watched.monitor({ intervalMs: 20, failuresUntilDown: 1 });
    const states: HealthState[] = [];
    monitor.onChange(() => {
      throw new TypeError('A listener of the program.');
    });
    monitor.onChange(() => Promise.reject(new RangeError('Another.')));
    monitor.onChange(({ to }) => states.push(to));
    await expect.poll(() => states, { timeout: 20_000 }).toEqual(['up']);
    await proxy.close();
    await expect.poll(() => states, { timeout: 20_000 }).toEqual(['up', 'down']);
    await watched.close();
    const failed = (to: HealthState, code: string) => ({
      level: 'error',
      message: 'health listener failed',
      attributes: { to, code },
    });
    expect(logger.lines.filter(({ message }) => message === 'health listener failed')).toEqual([
      failed('up', 'TypeError'),
      failed('up', 'RangeError'),
      failed('down', 'TypeError'),
      failed('down', 'RangeError'),
    ]);
  });

  it('tells of silence as of absence', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const watched = await Database.connect(storage.configWith({}).at('127.0.0.1', proxy.port));
    const monitor = watched.monitor({ intervalMs: 20, timeoutMs: 1_000, failuresUntilDown: 1 });
    const states: HealthState[] = [];
    monitor.onChange(({ to }) => states.push(to));
    await expect.poll(() => states.at(-1), { timeout: 20_000 }).toBe('up');
    proxy.silence();
    await expect.poll(() => states.includes('down'), { timeout: 20_000 }).toBe(true);
    monitor.stop();
    await watched.close({ drainMs: 0 });
    await proxy.close();
  });
});
