import { Blotter } from '@blotter/application';
import type { Portfolio } from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf } from '@blotter/domain/testing';
import { DataPointType, type Histogram } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonOf } from '../../test/reason-of.js';
import { installTelemetrySdk, pointsOf } from '../../test/telemetry-sdk.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { BOUNDARIES } from './conventions.js';

const sdk = installTelemetrySdk();
let storage: TestDatabase;
let database: Database;
let portfolio: Portfolio;
let pool: { 'db.client.connection.pool.name': string };

beforeAll(async () => {
  storage = await createTestDatabase({ settings: { minPoolSize: 2, maxPoolSize: 3, maxWaiting: 0 } });
  database = await Database.connect(storage.config);
  portfolio = await new Blotter(database).openPortfolio(anyNewPortfolio());
  const { host, port, name } = storage.config.settings;
  pool = { 'db.client.connection.pool.name': `${host}:${port}/${name}` };
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

const valueOf = async (name: string, attributes = {}) => {
  const points = pointsOf(await sdk.metric(name), { ...pool, ...attributes });
  expect(points).toHaveLength(1);
  return points[0]?.value;
};
const histogramOf = async (name: string, attributes = {}) => (await valueOf(name, attributes)) as Histogram;

describe('db.client.operation.duration', () => {
  it('counts every statement and every transaction once, in seconds, by what it is and what it ended with', async () => {
    const blotter = new Blotter(database);
    const order = await blotter.placeOrder(anyNewOrder({ portfolioId: portfolio.id }));
    const startedAt = performance.now();
    await blotter.recordExecution(anyReportOf(order));
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    await reasonOf(database.query('select 1 / $1::int', ['0']));

    const metric = await sdk.metric('db.client.operation.duration');
    expect(metric?.descriptor.unit).toBe('s');
    const { host, port, name } = storage.config.settings;
    const common = {
      'db.system.name': 'postgresql',
      'db.namespace': name,
      'server.address': host,
      'server.port': port,
    };
    const summary = 'portfolio order position execution write';
    const [write] = pointsOf(metric, { 'db.query.summary': summary });
    expect(write?.attributes).toEqual({
      ...common,
      'db.operation.name': 'WITH',
      'db.query.summary': summary,
    });
    expect(write?.value).toMatchObject({ count: 1, buckets: { boundaries: BOUNDARIES } });
    const [whole] = pointsOf(metric, { 'db.query.summary': 'TRANSACTION record execution' });
    expect(whole?.value).toMatchObject({ count: 1 });
    const { sum = 0 } = whole?.value as Histogram;
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(tookSeconds);
    const [failed] = pointsOf(metric, { 'db.response.status_code': '22012' });
    expect(failed?.attributes).toEqual({
      ...common,
      'db.operation.name': 'SELECT',
      'db.query.summary': 'SELECT',
      'db.response.status_code': '22012',
      'error.type': '22012',
    });
  });
});

describe('the pool', () => {
  it('says how many sessions are used and idle, and how many there may be', async () => {
    await using unit = database.begin();
    await unit.sql('select 1');
    expect(await valueOf('db.client.connection.count', { 'db.client.connection.state': 'used' })).toBe(1);
    expect(await valueOf('db.client.connection.count', { 'db.client.connection.state': 'idle' })).toBe(
      database.statistics().sessions.idle,
    );
    expect(await valueOf('db.client.connection.idle.min')).toBe(2);
    expect(await valueOf('db.client.connection.idle.max')).toBe(3);
    expect(await valueOf('db.client.connection.max')).toBe(3);
    expect((await sdk.metric('db.client.connection.count'))?.descriptor.unit).toBe('{connection}');
  });

  it('says who waits, and who got none', async () => {
    const units = [database.begin(), database.begin(), database.begin()];
    await Promise.all(units.map((unit) => unit.sql('select 1')));
    expect(await valueOf('db.client.connection.pending_requests')).toBe(0);
    expect(await reasonOf(database.query('select 1'))).toMatchObject({ code: 'POOL_EXHAUSTED' });
    expect(await valueOf('db.client.connection.timeouts')).toBe(1);
    const timeouts = await sdk.metric('db.client.connection.timeouts');
    expect(timeouts).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: true });
    for (const unit of units) await unit.rollback();

    const patient = await Database.connect(storage.configWith({ minPoolSize: 1, maxPoolSize: 1 }));
    await using holder = patient.begin();
    await holder.sql('select 1');
    const waiting = patient.query('select 1');
    // A second pool on the same database has a name of its own.
    const second = { 'db.client.connection.pool.name': `${pool['db.client.connection.pool.name']} #2` };
    expect(await valueOf('db.client.connection.pending_requests', second)).toBe(1);
    await holder.rollback();
    await waiting;
    await patient.close();
  });

  it('measures how long sessions take to open, are waited for and are used, in seconds', async () => {
    const before = await histogramOf('db.client.connection.use_time');
    const [opened, waited] = [
      await histogramOf('db.client.connection.create_time'),
      await histogramOf('db.client.connection.wait_time'),
    ];
    await database.query('select pg_sleep(0.06)');
    const after = await histogramOf('db.client.connection.use_time');
    expect(after.count).toBe(before.count + 1);
    expect((after.sum ?? 0) - (before.sum ?? 0)).toBeGreaterThanOrEqual(0.06);
    expect((after.sum ?? 0) - (before.sum ?? 0)).toBeLessThan(60);
    expect(opened.count).toBe(database.statistics().sessions.created);
    expect(waited.sum).toBeGreaterThan(0);
  });

  it('that was closed is empty, and has no limits', async () => {
    const config = storage.configWith({ minPoolSize: 1, maxPoolSize: 1 }).withName('postgres');
    const closed = await Database.connect(config);
    const { host, port } = config.settings;
    const attributes = { 'db.client.connection.pool.name': `${host}:${port}/postgres` };
    expect(await valueOf('db.client.connection.max', attributes)).toBe(1);
    await closed.close();
    for (const state of ['idle', 'used']) {
      const inState = { ...attributes, 'db.client.connection.state': state };
      expect(await valueOf('db.client.connection.count', inState)).toBe(0);
    }
    expect(await valueOf('db.client.connection.max', attributes)).toBe(0);
  });
});
