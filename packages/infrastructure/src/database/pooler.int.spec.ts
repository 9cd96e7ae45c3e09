import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { ConfigurationError } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { TEXT_VALUES } from '../../test/text-values.js';
import { Migrator } from '../migrations/migrator.js';
import { connect, type Greeting } from './connect.js';
import { DatabaseConfig } from './database-config.js';
import { Database } from './database.js';

const SETTINGS = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle, current_setting('TimeZone') as zone,
  current_setting('DateStyle') as style`;
const UNSET = { statement: '0', lock: '0', idle: '0', zone: 'UTC', style: 'ISO, YMD' };
const SET = { statement: '11s', lock: '12s', idle: '13s', zone: 'UTC', style: 'ISO, YMD' };
const TIMEOUTS = { commandTimeoutMs: 11_000, lockTimeoutMs: 12_000, idleInTransactionTimeoutMs: 13_000 };

// With PgBouncer itself: test/pgbouncer, by npm run test:pgbouncer.
describe('with DATABASE_POOLER=transaction', () => {
  let storage: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    storage = await createTestDatabase();
    database = await Database.connect(storage.configWith({ ...TIMEOUTS, pooler: 'transaction', maxPoolSize: 1 }));
  });
  afterAll(async () => {
    await database.close();
    await storage.drop();
  });

  test('timeouts are set with BEGIN, for the transaction alone', async () => {
    expect(await database.query(SETTINGS)).toEqual([UNSET]);
    const unit = database.begin({ isolation: 'repeatable read', readOnly: true });
    expect(await unit.sql(SETTINGS)).toEqual([SET]);
    await unit.commit();
    expect(await database.query(SETTINGS)).toEqual([UNSET]);
  });

  test('the isolation level and the mode of the transaction are those that were asked for', async () => {
    const unit = database.begin({ isolation: 'serializable', readOnly: true });
    const sql = `select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as mode`;
    expect(await unit.sql(sql)).toEqual([{ level: 'serializable', mode: 'on' }]);
    await unit.rollback();
  });

  test('no statement is prepared by name', async () => {
    for (const value of ['1', '2']) await database.query('select $1::int', [value]);
    expect(await database.query('select name from pg_prepared_statements')).toEqual([]);
  });

  test.each(TEXT_VALUES)(
    'the text of a $type is taken for what PostgreSQL reads in it, the first time and again: $text',
    async ({ type, text, written = text }) => {
      const asked = () => database.query(`select $1::${type}::text as back`, [text]);
      expect([await asked(), await asked()]).toEqual([[{ back: written }], [{ back: written }]]);
    },
  );

  test('migrations are refused, and nothing is changed', async () => {
    const refused = new Migrator(storage.configWith({ pooler: 'transaction' })).up();
    await expect(refused).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('DATABASE_POOLER') as string,
    });
  });
});

test('without it, the session is set up when it is opened', async () => {
  const storage = await createTestDatabase({ settings: TIMEOUTS });
  const database = await Database.connect(storage.config);
  expect(await database.query(SETTINGS)).toEqual([SET]);
  await database.close();
  await storage.drop();
});

test('the variable is DATABASE_POOLER, and another word than transaction or none is refused', () => {
  const environment = { DATABASE_URL: 'postgresql://me@localhost/book' };
  expect(DatabaseConfig.fromEnvironment(environment).settings.pooler).toBe('none');
  const config = DatabaseConfig.fromEnvironment({ ...environment, DATABASE_POOLER: 'transaction' });
  expect(config.settings.pooler).toBe('transaction');
  expect(() => DatabaseConfig.fromEnvironment({ ...environment, DATABASE_POOLER: 'session' })).toThrow(
    /DATABASE_POOLER/,
  );
});

test('a pooler that keeps TimeZone and DateStyle to itself is refused: what is read would depend on its other clients', async () => {
  const server = net.createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = DatabaseConfig.fromUrl('postgresql://me@localhost/book', { sslMode: 'disable' }).at('127.0.0.1', port);
  const greeting: Greeting = { pid: 1, standby: false, readOnly: false, timeZone: 'Asia/Tokyo', dateStyle: 'ISO, YMD' };
  const opening = (timeZone: string) =>
    connect(config, (socket) => ({
      greet: () => Promise.resolve({ ...greeting, timeZone }),
      close: () => Promise.resolve(void socket.destroy()),
      destroy: () => socket.destroy(),
    }));
  await expect(opening('Asia/Tokyo')).rejects.toThrow(ConfigurationError);
  const session = await opening('UTC');
  await session.close();
  server.close();
});
