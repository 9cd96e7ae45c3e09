import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, ConnectionError } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { everythingSaidBy } from '../../test/everything-said-by.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { MIGRATIONS_FOLDER } from '../migrations/migration-files.js';
import { Migrator } from '../migrations/migrator.js';
import { DatabaseConfig } from './database-config.js';
import { Database } from './database.js';

const SECRET = 'correct-horse-battery-staple';

describe('configuration', () => {
  test('nothing set at all names the variables to set', () => {
    expect(() => DatabaseConfig.fromEnvironment({})).toThrow(ConfigurationError);
    expect(() => DatabaseConfig.fromEnvironment({})).toThrow(/DATABASE_URL.*DATABASE_NAME.*DATABASE_USER/);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['a missing user', { DATABASE_NAME: 'book' }, /DATABASE_USER: is missing; set it/],
    ['a missing name', { DATABASE_USER: 'me' }, /DATABASE_NAME/],
    ['a port that is no number', { DATABASE_NAME: 'book', DATABASE_USER: 'me', DATABASE_PORT: 'abc' }, /DATABASE_PORT/],
    ['a port out of range', { DATABASE_NAME: 'book', DATABASE_USER: 'me', DATABASE_PORT: '70000' }, /DATABASE_PORT/],
    [
      'a command timeout that is no number',
      { DATABASE_NAME: 'book', DATABASE_USER: 'me', DATABASE_COMMAND_TIMEOUT: 'soon' },
      /DATABASE_COMMAND_TIMEOUT/,
    ],
    [
      'a smallest pool above the largest',
      { DATABASE_NAME: 'book', DATABASE_USER: 'me', DATABASE_MIN_POOL_SIZE: '9', DATABASE_MAX_POOL_SIZE: '3' },
      /DATABASE_MIN_POOL_SIZE.*DATABASE_MAX_POOL_SIZE/,
    ],
    [
      'an SSL mode that is none',
      { DATABASE_NAME: 'book', DATABASE_USER: 'me', DATABASE_SSL_MODE: 'yes' },
      /DATABASE_SSL_MODE/,
    ],
  ])('%s is a ConfigurationError that names the variable, and not the password', (_, environment, names) => {
    const error = errorOf(() => DatabaseConfig.fromEnvironment({ ...environment, DATABASE_PASSWORD: SECRET }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ code: 'CONFIGURATION' });
    expect(error.message).toMatch(names);
    expect(everythingSaidBy(error)).not.toContain(SECRET);
  });

  test.each([
    ['no URL at all', `me:${SECRET}@localhost/book`],
    ['another protocol', `mysql://me:${SECRET}@localhost/book`],
    ['a port that is none', `postgresql://me:${SECRET}@localhost:port/book`],
    ['a percent sign that was not encoded', `postgresql://me:${SECRET}%@localhost/book`],
    ['no database', `postgresql://me:${SECRET}@localhost`],
    ['no user', 'postgresql://localhost/book'],
    ['a mode of TLS that is none', `postgresql://me:${SECRET}@localhost/book?sslmode=yes`],
  ])('%s is a ConfigurationError, and does not name the password', (_, url) => {
    const error = errorOf(() => DatabaseConfig.fromUrl(url));
    expect(error).toBeInstanceOf(ConfigurationError);
    // Which setting it is; for what is no URL at all, the form of one.
    expect(error.message).toMatch(
      /postgresql:\/\/user:password@host:port\/name|DATABASE_(NAME|USER): is missing|DATABASE_SSL_MODE/,
    );
    expect(everythingSaidBy(error)).not.toContain(SECRET);
  });

  test('what the program gives comes before the URL, and the URL before the other variables', () => {
    const url = 'postgresql://me@localhost/book';
    expect(DatabaseConfig.fromUrl(url, { name: 'given' }).settings.name).toBe('given');
    const environment = { DATABASE_URL: url, DATABASE_NAME: 'variable', DATABASE_MAX_POOL_SIZE: '7' };
    expect(DatabaseConfig.fromEnvironment(environment).settings).toMatchObject({ name: 'book', maxPoolSize: 7 });
    expect(DatabaseConfig.fromEnvironment(environment, { name: 'given' }).settings.name).toBe('given');
  });

  test('a password is never seen: not in fields, not in inspect, not in JSON', () => {
    const config = DatabaseConfig.fromUrl(`postgresql://me:${SECRET}@localhost/book`);
    expect(config.password()).toBe(SECRET);
    for (const shown of [config, config.withName('other'), config.at('elsewhere', 1)]) {
      expect(everythingSaidBy(shown)).not.toContain(SECRET);
    }
  });
});

describe('connecting', () => {
  let storage: TestDatabase;
  // Roles belong to the server, not to the database.
  const role = `blotter_test_role_${process.pid}`;

  beforeAll(async () => {
    storage = await createTestDatabase();
    await withDatabase(storage.config, async (database) => {
      await database.query(`drop role if exists ${role}`);
      await database.query(`create role ${role} login password '${SECRET}'`);
    });
  });
  afterAll(async () => {
    await withDatabase(storage.config, (database) => database.query(`drop role if exists ${role}`));
    await storage.drop();
  });

  test('to where no server listens is CONNECTION_FAILED, which names the address', async () => {
    const port = await freePort();
    const error = await connectError(`postgresql://me:${SECRET}@127.0.0.1:${port}/book`);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  test('to a host that does not exist is CONNECTION_FAILED', async () => {
    const error = await connectError(`postgresql://me:${SECRET}@no-such-host.invalid/book`);
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
  });

  test('to something that accepts and never answers ends with the connect timeout', async () => {
    const sockets = new Set<net.Socket>();
    const silent = net.createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      await connectError(`postgresql://me:${SECRET}@127.0.0.1:${port}/book`, { connectTimeoutMs: 300 });
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });

  test('with a wrong password is AUTHENTICATION_FAILED', async () => {
    const error = await connectError(urlOf(storage, role, `${SECRET}-not`));
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
    expect(error.message).toContain('DATABASE_PASSWORD');
  });

  test('as a user that does not exist is AUTHENTICATION_FAILED', async () => {
    expect(await connectError(urlOf(storage, 'nobody_here', SECRET))).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  });

  test('to a database that does not exist is DATABASE_MISSING', async () => {
    const error = await connectError(urlOf(storage, role, SECRET, 'no_such_book'));
    expect(error).toMatchObject({ code: 'DATABASE_MISSING' });
    expect(error.message).toContain('DATABASE_NAME');
  });

  test('with the right password works, and nothing that is connected shows it', async () => {
    await withDatabase(DatabaseConfig.fromUrl(urlOf(storage, role, SECRET)), async (database) => {
      await expect(database.query('select * from portfolios')).rejects.toMatchObject({
        code: 'DATABASE_ERROR',
        sqlState: '42501',
      });
      const refused = await database.query('select * from portfolios').catch((error: unknown) => error);
      expect(everythingSaidBy(refused)).not.toContain(SECRET);
      expect(everythingSaidBy(database)).not.toContain(SECRET);
    });
  });
});

describe('migrating', () => {
  let storage: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    storage = await createTestDatabase({ empty: true });
    folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await storage.drop();
  });

  test('a database with tables that are not ours is refused, and stays as it was', async () => {
    await withDatabase(storage.config, (database) => database.query('create table customers (id int)'));
    await expect(new Migrator(storage.config).up()).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await withDatabase(storage.config, async (database) => {
      expect(await tablesOf(database)).toEqual(['customers']);
      await database.query('drop table customers');
    });
  });

  test('of several runs at once, one applies the migrations and the others find them applied', async () => {
    const reports = await Promise.all(Array.from({ length: 4 }, () => new Migrator(storage.config, { folder }).up()));
    expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, expect.any(Number)]);
    expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  });

  test('a migration that fails is rolled back as a whole, and not recorded', async () => {
    const broken = join(folder, '9001_broken.sql');
    await writeFile(broken, 'create table half_done (id int);\nselect 1 / 0;\n');
    const before = await state(storage);
    await expect(new Migrator(storage.config, { folder }).up()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      cause: { sqlState: '22012' },
    });
    expect(await state(storage)).toEqual(before);
    await rm(broken);
  });

  test('a migration that was edited after it was applied is refused by its number, and nothing is applied', async () => {
    const edited = join(folder, '0001_version_check.sql');
    await appendFile(edited, '-- a remark\n');
    await writeFile(join(folder, '9002_next.sql'), 'create table next (id int);\n');
    const before = await state(storage);
    await expect(new Migrator(storage.config, { folder }).up()).rejects.toMatchObject({
      code: 'MIGRATION_EDITED',
      message: expect.stringContaining('0001') as string,
    });
    expect(await state(storage)).toEqual(before);
    await cp(join(MIGRATIONS_FOLDER, '0001_version_check.sql'), edited);
  });

  test('a schema that is newer than this version is refused, with the advice to update', async () => {
    expect((await new Migrator(storage.config, { folder }).up()).applied).toEqual([{ version: '9002', name: 'next' }]);
    const before = await state(storage);
    await expect(new Migrator(storage.config).up()).rejects.toMatchObject({
      code: 'SCHEMA_NEWER',
      message: expect.stringMatching(/9002.*Update/) as string,
    });
    expect(await state(storage)).toEqual(before);
  });
});

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was expected to throw an error.');
}

/** The error of connecting; that it says nothing of the password is checked for every one. */
async function connectError(url: string, settings: { connectTimeoutMs?: number } = {}): Promise<Error> {
  const error: unknown = await Database.connect(DatabaseConfig.fromUrl(url, settings)).then(
    async (database) => database.close(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectionError)) throw new Error('A ConnectionError was expected.', { cause: error });
  expect(everythingSaidBy(error)).not.toContain(SECRET);
  return error;
}

function urlOf({ config }: TestDatabase, user: string, password: string, name = config.settings.name): string {
  const url = new URL(inject('serverUrl'));
  return Object.assign(url, { username: user, password, pathname: `/${name}` }).href;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function withDatabase(config: DatabaseConfig, work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await Database.connect(config);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function tablesOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ tablename: string }>(
    `select tablename from pg_tables where schemaname = 'public' order by tablename`,
  );
  return rows.map(({ tablename }) => tablename);
}

/** What is there: tables, and migrations that are recorded. */
async function state({ config }: TestDatabase): Promise<unknown> {
  const seen: unknown[] = [];
  await withDatabase(config, async (database) => {
    seen.push(
      await tablesOf(database),
      await database.query('select version, checksum from schema_migrations order by 1'),
    );
  });
  return seen;
}
