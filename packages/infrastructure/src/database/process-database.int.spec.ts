import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransactionManager } from '@blotter/application';
import { anyPortfolio } from '@blotter/domain/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../test/certificates.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseConfig, DatabaseSettings } from './database-config.js';
import { Database } from './database.js';
import { processDatabase } from './process-database.js';

const NAME = 'process-database';
const certificate = TestAuthority.make('an authority').forClient('somebody');

let storage: TestDatabase;
let observer: Database;
let config: DatabaseConfig;

beforeAll(async () => {
  storage = await createTestDatabase();
  observer = await Database.connect(storage.config);
  config = storage.configWith({ applicationName: NAME, minPoolSize: 2 });
});
afterEach(() => processDatabase.close());
afterAll(async () => {
  await observer.close();
  await storage.drop();
});

/** The server's sessions of this process's database. */
const sessions = () => observer.query('select pid from pg_stat_activity where application_name = $1', [NAME]);

describe('the database of the process', () => {
  test('is connected once, whoever asks and however often, and handed out to all', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => processDatabase.connect(config)));
    others.push(await processDatabase.connect(storage.configWith({ applicationName: NAME, minPoolSize: 2 })));
    others.push(await processDatabase.get());

    expect(others.every((database) => database === first)).toBe(true);
    expect(await sessions()).toHaveLength(2);
  });

  test('is not there before it was connected, nor after it was closed', async () => {
    await expect(processDatabase.get()).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await processDatabase.connect(config);
    await processDatabase.close();
    await expect(processDatabase.get()).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await processDatabase.close();
  });

  test.each<[string, DatabaseSettings]>([
    ['another size of its pool', { minPoolSize: 1 }],
    ['another user', { user: 'somebody_else' }],
    ['another password', { password: 'another' }],
    ['another certificate', { sslCert: certificate.cert, sslKey: certificate.key }],
  ])('is not mixed up with one of %s, which is refused until the first is closed', async (_, settings) => {
    const first = await processDatabase.connect(config);
    const other = config.with(settings);
    await expect(processDatabase.connect(other)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(await processDatabase.get()).toBe(first);
  });

  test('may be another one once it was closed', async () => {
    const first = await processDatabase.connect(config);
    await processDatabase.close();
    expect(await processDatabase.connect(config.with({ minPoolSize: 1 }))).not.toBe(first);
    await expect.poll(sessions).toHaveLength(1);
  });

  test('is another one once somebody has closed it without asking here', async () => {
    const first = await processDatabase.connect(config);
    await first.close();
    await expect(processDatabase.get()).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    const next = await processDatabase.connect(config.with({ minPoolSize: 1 }));
    expect(await next.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await processDatabase.get()).toBe(next);
  });

  test('says by its promise that a file of the configuration has gone', async () => {
    await processDatabase.connect(config);
    const folder = mkdtempSync(join(tmpdir(), 'blotter-process-database-'));
    const sslCaFile = join(folder, 'authority.pem');
    writeFileSync(sslCaFile, certificate.cert);
    const unreadable = config.with({ sslMode: 'verify-full', sslCaFile });
    rmSync(folder, { recursive: true });
    let connecting: Promise<Database> | undefined;
    expect(() => (connecting = processDatabase.connect(unreadable))).not.toThrow();
    await expect(connecting).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  test('is connected anew after an attempt that failed', async () => {
    const nowhere = config.withName('blotter_test_no_such_book');
    await expect(processDatabase.connect(nowhere)).rejects.toMatchObject({ code: 'DATABASE_MISSING' });
    expect(await (await processDatabase.connect(config)).query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('closing a database', () => {
  test('waits for the unit of work under way, whose writes are committed, and leaves no session behind', async () => {
    const database = await processDatabase.connect(config);
    await database.read.portfolios.findCurrent();
    const unit = database.begin();
    const portfolio = unit.portfolios.save(anyPortfolio());
    await unit.flush();

    let closed = false;
    const closing = processDatabase.close().then(() => (closed = true));
    const refused = () => database.query('select 1').catch((error: unknown) => error);
    await expect.poll(refused).toMatchObject({ code: 'DATABASE_CLOSED' });
    expect(closed).toBe(false);
    await unit.commit();
    await closing;

    expect(await observer.read.portfolios.get(portfolio.id)).toEqual(portfolio);
    await expect.poll(sessions).toEqual([]);
  });

  test('through its process ends at the drain time what is still under way', async () => {
    const database = await processDatabase.connect(config);
    const slow = expect(database.query('select pg_sleep(60)')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await processDatabase.close({ drainMs: 0 });
    await slow;
  });

  test('refuses all that comes afterwards: units of work, reads and SQL', async () => {
    const database = await processDatabase.connect(config);
    await processDatabase.close();
    const closed = { code: 'DATABASE_CLOSED' };
    const work = new TransactionManager(database).execute((unit) => unit.portfolios.findCurrent());
    await expect(work).rejects.toMatchObject(closed);
    await expect(database.read.portfolios.findCurrent()).rejects.toMatchObject(closed);
    await expect(database.query('select 1')).rejects.toMatchObject(closed);
    await database.close();
  });
});
