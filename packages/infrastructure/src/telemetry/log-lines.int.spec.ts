import { Blotter, type TransactionOptions } from '@blotter/application';
import type { Portfolio } from '@blotter/domain';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reasonOf } from '../../test/reason-of.js';
import { recordingLogger, type RecordingLogger } from '../../test/recording-logger.js';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { Migrator } from '../migrations/migrator.js';

let storage: TestDatabase;
let logger: RecordingLogger;

beforeAll(async () => {
  storage = await createTestDatabase();
});
beforeEach(() => {
  logger = recordingLogger();
});
afterAll(() => storage.drop());

const open = (settings: Parameters<TestDatabase['configWith']>[0] = {}) =>
  Database.connect(storage.configWith({ maxPoolSize: 1, ...settings }), { logger });
const linesOf = (message: string) => logger.lines.filter((line) => line.message === message);
const aNumber = expect.any(Number) as unknown;

describe('a log line', () => {
  it('tells of each session that is opened and closed, and of the end of the database', async () => {
    const database = await open();
    const { host, port } = storage.config.settings;
    const server = `${host}:${port}`;
    await database.close({ drainMs: 1_000 });
    expect(logger.lines).toEqual([
      { level: 'debug', message: 'session opened', attributes: { server, backendPid: aNumber, tookMs: aNumber } },
      { level: 'info', message: 'database closes', attributes: { drainMs: 1_000, inUse: 0 } },
      { level: 'debug', message: 'session closed', attributes: { server, backendPid: aNumber } },
    ]);
  });

  it('tells of a session that was lost, and of one that was thrown away', async () => {
    const database = await open();
    const [row] = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
    await using observer = await Database.connect(storage.config);
    await observer.query('select pg_terminate_backend($1::int)', [String(row?.pid)]);
    await expect
      .poll(() => linesOf('session lost'))
      .toMatchObject([{ level: 'warn', attributes: { backendPid: row?.pid, code: 'SERVER_UNAVAILABLE' } }]);
    // So that the deadline passes on a session, not before there is one.
    await using unit = database.begin({ timeoutMs: 500 });
    await unit.sql('select 1');
    await reasonOf(unit.sql('select pg_sleep(60)'));
    await expect
      .poll(() => linesOf('session thrown away'))
      .toMatchObject([{ level: 'debug', attributes: { code: 'TIMEOUT' } }]);
    await database.close();
  });

  it('tells of a pool without a free session once, however many are refused', async () => {
    const database = await open({ maxWaiting: 0 });
    await using unit = database.begin();
    await unit.sql('select 1');
    const refused = Array.from({ length: 100 }, () => reasonOf(database.query('select 1')));
    await Promise.all(refused);
    expect(linesOf('no session is free')).toEqual([
      { level: 'warn', message: 'no session is free', attributes: { inUse: 1, waiting: 0, timeouts: 1 } },
    ]);
    await unit.rollback();
    await database.close();
  });

  it('tells of work that is repeated, of what and after how long', async () => {
    const database = await open({ maxPoolSize: 2 });
    const blotter = new Blotter(database);
    const portfolio = await blotter.openPortfolio(anyNewPortfolio());
    const told: number[] = [];
    await blotter.transactions.executeWithRetry(
      async (unit, attempt) => {
        const read = await unit.portfolios.get(portfolio.id);
        if (attempt === 1) await blotter.transactions.execute((rival) => Promise.resolve(rival.portfolios.save(read)));
        unit.portfolios.save(read);
      },
      { name: 'rebalance', onRetry: ({ attempt }) => told.push(attempt) },
    );
    expect(linesOf('work is repeated')).toEqual([
      {
        level: 'info',
        message: 'work is repeated',
        attributes: { work: 'rebalance', attempt: 1, code: 'CONCURRENCY', waitMs: aNumber },
      },
    ]);
    expect(told).toEqual([1]);
    await database.close();
  });

  it('tells of a commit that nobody can settle', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 5);
    const config = storage.configWith({ maxPoolSize: 1 }).at('127.0.0.1', proxy.port);
    const database = await Database.connect(config, { logger });
    const unit = database.begin({ name: 'cut' });
    await unit.sql('select 1');
    const committing = reasonOf(unit.commit());
    proxy.cut();
    await committing;
    expect(linesOf('commit is ambiguous')).toEqual([
      { level: 'error', message: 'commit is ambiguous', attributes: { transaction: 'cut', code: 'CONNECTION_LOST' } },
    ]);
    await database.close();
    await proxy.close();
  });

  it('tells of a grouped unit that gave up while its group was under way', async () => {
    const database = await open({ maxPoolSize: 2 });
    const blotter = new Blotter(database);
    const [locked, free] = [
      await blotter.openPortfolio(anyNewPortfolio()),
      await blotter.openPortfolio(anyNewPortfolio()),
    ];
    const save = (portfolio: Portfolio, options: TransactionOptions = {}) =>
      blotter.transactions.execute((unit) => Promise.resolve(unit.portfolios.save(portfolio)), {
        group: true,
        ...options,
      });
    await using holder = database.begin();
    await holder.portfolios.getForUpdate(locked.id);
    const [impatient, patient] = [reasonOf(save(locked, { name: 'impatient', timeoutMs: 100 })), save(free)];
    expect(await impatient).toMatchObject({ code: 'AMBIGUOUS_COMMIT' });
    expect(linesOf('commit is ambiguous')).toEqual([
      { level: 'error', message: 'commit is ambiguous', attributes: { transaction: 'impatient', code: 'TIMEOUT' } },
    ]);
    await holder.rollback();
    await patient;
    await database.close();
  });

  it('tells of each change of health, at the level that it deserves', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const database = await Database.connect(storage.configWith({}).at('127.0.0.1', proxy.port), { logger });
    const monitor = database.monitor({ intervalMs: 20 });
    await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('up');
    await proxy.close();
    await expect.poll(() => monitor.report?.state, { timeout: 20_000 }).toBe('down');
    expect(linesOf('database health').map(({ level, attributes }) => [level, attributes])).toEqual([
      ['info', { from: undefined, to: 'up', reasons: '', code: undefined }],
      ['warn', { from: 'up', to: 'degraded', reasons: 'NO_ANSWER', code: expect.any(String) as unknown }],
      ['error', { from: 'degraded', to: 'down', reasons: 'NO_ANSWER', code: expect.any(String) as unknown }],
    ]);
    await database.close();
  });

  it('tells of work that was cut off at the end of the drain time', async () => {
    const database = await open();
    const running = reasonOf(database.query('select pg_sleep(60)'));
    await expect.poll(() => database.statistics().sessions.inUse).toBe(1);
    await database.close({ drainMs: 10 });
    await running;
    expect(linesOf('drain time over')).toMatchObject([{ level: 'warn', attributes: { drainMs: 10, sessions: 1 } }]);
  });

  it('tells of each migration that is applied', async () => {
    const empty = await createTestDatabase({ empty: true });
    const { applied } = await new Migrator(empty.config, { logger }).up();
    expect(linesOf('migration applied').map(({ attributes: { version, name } }) => ({ version, name }))).toEqual(
      applied,
    );
    expect(applied.length).toBeGreaterThan(3);
    await empty.drop();
  });
});

describe('a logger that fails', () => {
  it('changes nothing of what it is told', async () => {
    const fails = () => {
      throw new Error('The disk is full.');
    };
    const broken = { debug: fails, info: fails, warn: fails, error: fails };
    const database = await Database.connect(storage.config, { logger: broken });
    await new Blotter(database).openPortfolio(anyNewPortfolio());
    await database.close();
    const empty = await createTestDatabase({ empty: true });
    expect((await new Migrator(empty.config, { logger: broken }).up()).applied.length).toBeGreaterThan(3);
    await empty.drop();
  });
});
