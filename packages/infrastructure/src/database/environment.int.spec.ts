import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { DatabaseConfig } from './database-config.js';
import { Database } from './database.js';

type Environment = Readonly<Record<string, string>>;

const NEEDED: Environment = { DATABASE_NAME: 'book', DATABASE_USER: 'me' };

/** Every variable but the password: what it may be, the setting it makes, and what it may not be. */
const VARIABLES: readonly (readonly [variable: string, value: string, setting: object, wrong: string])[] = [
  ['DATABASE_HOST', 'db.internal', { host: 'db.internal' }, ''],
  ['DATABASE_PORT', '5433', { port: 5433 }, '65536'],
  ['DATABASE_TARGET_SESSION_ATTRS', 'read-write', { targetSessionAttrs: 'read-write' }, 'fastest'],
  ['DATABASE_NAME', 'ledger', { name: 'ledger' }, ''],
  ['DATABASE_USER', 'trader', { user: 'trader' }, ''],
  ['DATABASE_MIN_POOL_SIZE', '7', { minPoolSize: 7 }, '-1'],
  ['DATABASE_MAX_POOL_SIZE', '30', { maxPoolSize: 30 }, '0'],
  ['DATABASE_COMMAND_TIMEOUT', '1.5', { commandTimeoutMs: 1_500 }, 'soon'],
  ['DATABASE_SHARED_READ_SESSIONS', '4', { sharedReadSessions: 4 }, '0'],
  ['DATABASE_SHARED_READS_IN_FLIGHT', '100', { sharedReadsInFlight: 100 }, '0'],
  ['DATABASE_MAX_WAITING', '50', { maxWaiting: 50 }, '1.5'],
  ['DATABASE_ACQUIRE_TIMEOUT_MS', '250', { acquireTimeoutMs: 250 }, '0'],
  ['DATABASE_CONNECT_TIMEOUT_MS', '260', { connectTimeoutMs: 260 }, '0'],
  ['DATABASE_LOCK_TIMEOUT_MS', '270', { lockTimeoutMs: 270 }, '0'],
  ['DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS', '275', { idleInTransactionTimeoutMs: 275 }, '0'],
  ['DATABASE_MIGRATION_LOCK_TIMEOUT_MS', '277', { migrationLockTimeoutMs: 277 }, '0'],
  ['DATABASE_MIGRATION_PATIENCE_MS', '278', { migrationPatienceMs: 278 }, '0'],
  ['DATABASE_SCHEMA', 'desk_7', { schema: 'desk_7' }, 'Desk 7'],
  ['DATABASE_IDLE_TIMEOUT_MS', '280', { idleTimeoutMs: 280 }, '0'],
  ['DATABASE_MAX_LIFETIME_MS', '290', { maxLifetimeMs: 290 }, '0'],
  ['DATABASE_APPLICATION_NAME', 'desk-7', { applicationName: 'desk-7' }, 'x'.repeat(64)],
];

describe('each variable of the environment', () => {
  test.each(VARIABLES)('%s is read', (variable, value, setting) => {
    const config = DatabaseConfig.fromEnvironment({ ...NEEDED, [variable]: value });
    expect(config.settings).toMatchObject(setting);
  });

  test.each(VARIABLES.filter(([, , , wrong]) => wrong !== ''))(
    '%s that is wrong is refused by its name',
    (variable, _, __, wrong) => {
      const read = () => DatabaseConfig.fromEnvironment({ ...NEEDED, [variable]: wrong });
      expect(read).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
      expect(read).toThrow(variable);
    },
  );

  test.each(VARIABLES)('%s that is empty is as good as absent', (variable) => {
    const given = { DATABASE_URL: 'postgresql://me@localhost/book', [variable]: '' };
    expect(DatabaseConfig.fromEnvironment(given).settings).toEqual(
      DatabaseConfig.fromUrl('postgresql://me@localhost/book').settings,
    );
  });

  test('has its default: 5 to 20 sessions, 60 seconds for a command, localhost:5432', () => {
    expect(DatabaseConfig.fromEnvironment(NEEDED).settings).toMatchObject({
      host: 'localhost',
      port: 5432,
      minPoolSize: 5,
      maxPoolSize: 20,
      commandTimeoutMs: 60_000,
    });
  });
});

describe('a database that the environment names', () => {
  let storage: TestDatabase;
  let variables: Environment;

  beforeAll(async () => {
    storage = await createTestDatabase();
    const { settings } = storage.config;
    variables = {
      DATABASE_HOST: settings.host,
      DATABASE_PORT: String(settings.port),
      DATABASE_NAME: settings.name,
      DATABASE_USER: settings.user,
      DATABASE_PASSWORD: storage.config.password(),
    };
  });
  afterAll(() => storage.drop());

  async function asking<Row>(environment: Environment, text: string): Promise<readonly Row[]> {
    const database = await Database.connect(DatabaseConfig.fromEnvironment(environment));
    try {
      return await database.query<Row>(text);
    } finally {
      await database.close();
    }
  }

  const whoAmI = 'select current_database()::text as name, current_user::text as "user"';

  test('is reached by host, port, name, user and password, and by URL, which comes first', async () => {
    const { DATABASE_NAME: name, DATABASE_USER: user } = variables;
    expect(await asking(variables, whoAmI)).toEqual([{ name, user }]);
    const url = Object.assign(new URL(inject('serverUrl')), { pathname: `/${String(name)}` }).href;
    expect(await asking({ DATABASE_URL: url, DATABASE_NAME: 'another' }, whoAmI)).toEqual([{ name, user }]);
  });

  test('has the timeouts of the environment on every session of the server', async () => {
    const environment = {
      ...variables,
      DATABASE_COMMAND_TIMEOUT: '7',
      DATABASE_LOCK_TIMEOUT_MS: '1234',
      DATABASE_APPLICATION_NAME: 'desk-7',
    };
    const settings = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('application_name') as name`;
    expect(await asking(environment, settings)).toEqual([
      { statement: '7s', lock: '1234ms', idle: '1min', name: 'desk-7' },
    ]);
  });

  test('has as many sessions as the smallest pool says, and never more than the largest', async () => {
    const sizes = { DATABASE_MIN_POOL_SIZE: '2', DATABASE_MAX_POOL_SIZE: '3', DATABASE_APPLICATION_NAME: 'sized' };
    const database = await Database.connect(DatabaseConfig.fromEnvironment({ ...variables, ...sizes }));
    const sessions = async (held = '') => {
      const counted = `select count(*)::int as sessions from pg_stat_activity where application_name = 'sized' ${held}`;
      const [row] = await database.query<{ sessions: number }>(counted);
      return row?.sessions ?? 0;
    };
    try {
      expect(await sessions()).toBe(2);
      const counts = await Promise.all(Array.from({ length: 20 }, () => sessions('and pg_sleep(0.02) is not null')));
      expect(Math.max(...counts)).toBe(3);
    } finally {
      await database.close();
    }
  });

  test('keeps as many sessions as the smallest pool says when nobody needs more', async () => {
    const sizes = { DATABASE_MIN_POOL_SIZE: '2', DATABASE_MAX_POOL_SIZE: '4', DATABASE_IDLE_TIMEOUT_MS: '50' };
    const database = await Database.connect(DatabaseConfig.fromEnvironment({ ...variables, ...sizes }));
    try {
      await Promise.all(Array.from({ length: 20 }, () => database.query('select pg_sleep(0.02)')));
      await expect
        .poll(() => database.statistics().sessions, { timeout: 20_000 })
        .toMatchObject({ total: 2, closed: 2 });
    } finally {
      await database.close();
    }
  });
});
