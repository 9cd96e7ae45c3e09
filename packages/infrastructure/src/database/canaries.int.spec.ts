import { Blotter, type WaitOptions } from '@blotter/application';
import { anyNewPortfolio, anyPortfolio } from '@blotter/domain/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { CANARY, canariesIn } from '../../test/canaries.js';
import { recordingLogger } from '../../test/recording-logger.js';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { installTelemetrySdk } from '../../test/telemetry-sdk.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { DatabaseConfig } from './database-config.js';
import { Database } from './database.js';
import { Session } from './session.js';

const sdk = installTelemetrySdk();
const logger = recordingLogger();
let storage: TestDatabase;
let database: Database;
let observer: Database;

const TABLE = `create table notes (
  id int primary key, text text not null unique check (text <> 'canary check'), number numeric(38, 18) check (number > 0),
  short varchar(3), data jsonb, self int references notes)`;
const INSERT = 'insert into notes (id, text, number) values ($1::int, $2, $3::numeric)';

beforeAll(async () => {
  storage = await createTestDatabase({ settings: { maxPoolSize: 2 } });
  database = await Database.connect(storage.config, { logger });
  observer = await Database.connect(storage.configWith({ maxPoolSize: 1 }));
  await database.query(TABLE);
  await database.query(INSERT, ['1', 'canary', '31337.424242']);
});
afterAll(async () => {
  await database.close();
  await observer.close();
  await storage.drop();
});
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );

/** SQL with its parameters, and the code of the error. Every one of them makes PostgreSQL or the driver say values. */
const STATEMENTS: readonly (readonly [what: string, code: string, text: string, ...parameters: string[]])[] = [
  ['a duplicate', 'DUPLICATE', INSERT, '2', 'canary', '31337.424242'],
  ['a check', 'INTEGRITY', INSERT, '2', 'canary check', '31337.424242'],
  ['a missing value', 'INTEGRITY', 'insert into notes (id, number) values (2, $1::numeric)', '31337.424242'],
  ['a foreign key', 'INTEGRITY', 'insert into notes (id, text, self) values (2, $1, $2::int)', 'canary 2', '313374242'],
  ['a number that is none', 'DATABASE_ERROR', 'select $1::int', 'canary'],
  ['a number too large', 'DATABASE_ERROR', 'select $1::int', '31337424242'],
  ['a text too long', 'DATABASE_ERROR', 'insert into notes (id, text, short) values (2, $1, $1)', 'canary'],
  ['JSON that is none', 'DATABASE_ERROR', 'select $1::jsonb', '{"canary": 31337424242,}'],
  ['a moment that is none', 'DATABASE_ERROR', 'select $1::timestamptz', 'canary'],
  ['a uuid that is none', 'DATABASE_ERROR', 'select $1::uuid', 'canary'],
  ['a byte that is none', 'DATABASE_ERROR', 'select $1::text', 'canary\0'],
  ['a division by zero', 'DATABASE_ERROR', 'select $1::numeric / 0', '31337424242'],
  ['a syntax error', 'DATABASE_ERROR', `selekt 'canary' from 31337424242`],
  ['a table that is none', 'DATABASE_ERROR', 'select * from canary'],
  ['a parameter too few', 'DATABASE_ERROR', 'select $1::text, $2::text', 'canary'],
  ['a parameter too many', 'DATABASE_ERROR', 'select $1::text', 'canary', 'canary'],
  ['far too many parameters', 'STATEMENT_REFUSED', 'select 1', ...Array<string>(65_536).fill('canary')],
  ['an undefined parameter', 'CONFIGURATION', 'select $1::text, $2::text', 'canary', undefined as unknown as string],
  ['COPY', 'CONFIGURATION', `copy (select 'canary') to stdout`],
  [
    'a rule of its own',
    'DATABASE_ERROR',
    `do $$ begin raise exception 'canary' using detail = 'canary', hint = 'canary'; end $$`,
  ],
];

/** Whose words the server may choose: each becomes another error of ours. */
const SQLSTATES = ['40001', '40P01', '25006', '26000', '53100', '55P03', '57014', '57P01', '08006', '25P03', 'XX000'];

describe('a statement that fails', () => {
  it.each(STATEMENTS)('by %s shows no value, in a unit or outside one', async (_, code, text, ...parameters) => {
    const outside = await reasonOf(database.query(text, parameters));
    await using unit = database.begin();
    const inside = await reasonOf(unit.sql(text, parameters));
    const after = await reasonOf(unit.sql('select 1'));
    expect(outside).toMatchObject({ code });
    expect(inside).toMatchObject({ code });
    expect(after).toMatchObject({ code: 'TRANSACTION_NOT_ACTIVE' });
    expect(canariesIn([outside, inside, after])).toEqual([]);
  });

  it.each(SQLSTATES)('with SQLSTATE %s shows nothing that the server says', async (sqlState) => {
    const says = `using errcode = '${sqlState}', detail = 'canary', hint = 'canary', column = 'canary', datatype = 'canary'`;
    const error = await reasonOf(database.query(`do $$ begin raise exception 'canary' ${says}; end $$`));
    expect(error).toHaveProperty('code');
    expect(canariesIn(error)).toEqual([]);
  });

  it('or warns prints nothing', async () => {
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method));
    await database.query(`do $$ begin raise warning 'canary' using detail = 'canary'; end $$`);
    await reasonOf(database.query('select $1::int', ['canary']));
    expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it('because a migration has outdated it shows no value', async () => {
    const unit = database.begin();
    const text = 'select * from notes where text = $1';
    await unit.sql(text, ['canary']);
    await unit.commit();
    const sessions = database.statistics().sessions.total;
    await observer.query('alter table notes add column late text');
    const errors = await Promise.all(
      Array.from({ length: sessions }, () => reasonOf(database.query(text, ['canary']))),
    );
    expect(errors).toContainEqual(expect.objectContaining({ code: 'STATEMENT_OUTDATED' }));
    expect(canariesIn(errors)).toEqual([]);
  });
});

describe('a wait that ends', () => {
  const SLEEP = 'select $1::text, pg_sleep(60)';
  const connect = (settings: Parameters<TestDatabase['configWith']>[0]) =>
    Database.connect(storage.configWith({ maxPoolSize: 1, ...settings }), { logger });

  async function expectSilent(error: Promise<unknown>, code: string | RegExp): Promise<void> {
    const reason = await reasonOf(error);
    expect(reason).toMatchObject({ code: expect.stringMatching(code) as unknown });
    expect(canariesIn(reason)).toEqual([]);
  }

  it.each<[string, string, () => WaitOptions]>([
    ['its deadline', 'TIMEOUT', () => ({ timeoutMs: 30 })],
    ['its signal', 'ABORTED', () => ({ signal: AbortSignal.timeout(30) })],
  ])('by %s shows no value', async (_, code, wait) => {
    await using patient = await connect({});
    await expectSilent(patient.query(SLEEP, ['canary'], wait()), code);
    const unit = patient.begin(wait());
    await expectSilent(unit.sql(SLEEP, ['canary']), code);
  });

  it('by the timeout of statements or of locks shows no value', async () => {
    await using hasty = await connect({ commandTimeoutMs: 100, lockTimeoutMs: 50 });
    await expectSilent(hasty.query(SLEEP, ['canary']), 'TIMEOUT');
    await using holder = database.begin();
    await holder.sql('update notes set number = 2 where text = $1', ['canary']);
    await expectSilent(hasty.query('update notes set number = 3 where text = $1', ['canary']), 'LOCK_TIMEOUT');
  });

  it('because the server ended the session shows no value', async () => {
    const unit = database.begin();
    const [row] = await unit.sql<{ pid: number }>('select pg_backend_pid() as pid');
    // The driver keeps the server's last word to itself when the connection ends behind it.
    const running = expectSilent(unit.sql(SLEEP, ['canary']), /^(CONNECTION_LOST|SERVER_UNAVAILABLE)$/);
    const active = `select 1 from pg_stat_activity where pid = $1::int and wait_event = 'PgSleep'`;
    await expect.poll(() => observer.query(active, [String(row?.pid)])).toHaveLength(1);
    await observer.query('select pg_terminate_backend($1::int)', [String(row?.pid)]);
    await running;
  });

  it('because the connection is cut shows no value, before COMMIT and behind it', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 5);
    const config = storage.configWith({ maxPoolSize: 1 }).at('127.0.0.1', proxy.port);
    const distant = await Database.connect(config, { logger });
    const running = expectSilent(distant.query(SLEEP, ['canary']), 'CONNECTION_LOST');
    setTimeout(() => {
      proxy.cut();
    }, 20);
    await running;
    await new Blotter(distant).openPortfolio(anyNewPortfolio());
    const unit = distant.begin();
    await unit.sql('select 1');
    unit.portfolios.save(anyPortfolio({ name: 'canary' }));
    const committing = expectSilent(unit.commit(), 'AMBIGUOUS_COMMIT');
    proxy.cut();
    await committing;
    await distant.close();
    await proxy.close();
  });

  it('for a session, because there is none or the database was closed, shows no value', async () => {
    const full = await connect({ maxWaiting: 0 });
    await using unit = full.begin();
    await unit.sql('select 1');
    await expectSilent(full.query('select $1', ['canary']), 'POOL_EXHAUSTED');
    const running = expectSilent(unit.sql(SLEEP, ['canary']), 'DATABASE_CLOSED');
    await full.close({ drainMs: 10 });
    await running;
    await expectSilent(full.query('select $1', ['canary']), 'DATABASE_CLOSED');
  });
});

describe('a password', () => {
  const urlWith = (parts: Partial<URL>) => Object.assign(new URL(inject('serverUrl')), parts).href;

  it.each([
    ['the user is none', { username: 'nobody', password: 'canary' }],
    ['the database is none', { pathname: '/no_such_database' }],
    ['no server listens', { username: 'me', password: 'canary', port: '1' }],
  ])('is not shown when %s', async (_, parts) => {
    const error = await reasonOf(
      Database.connect(DatabaseConfig.fromUrl(urlWith(parts), { password: 'canary' }), { logger }),
    );
    expect(error).toHaveProperty('code');
    expect(canariesIn(error)).toEqual([]);
  });

  it('is in none of our objects, while they work and afterwards, and neither is SQL or a parameter', async () => {
    const role = `blotter_test_silent_${process.pid}`;
    await observer.query(`drop role if exists ${role}`);
    await observer.query(`create role ${role} login password 'canary'`);
    const config = DatabaseConfig.fromUrl(urlWith({ username: role, password: 'canary' })).withName(
      storage.config.settings.name,
    );
    const session = await Session.connect(config);
    const open = await Database.connect(config.with({ minPoolSize: 1 }), { logger });
    const running = [
      session.query('select $1::text, pg_sleep(0.05) /* canary */', ['canary']),
      open.query('select $1::text, pg_sleep(0.05) /* canary */', ['canary']),
    ];
    expect(canariesIn([config, config.settings])).toEqual([]);
    expect(canariesIn([open, session])).toEqual([]);
    await Promise.all(running);
    expect(canariesIn([open, open.begin(), session])).toEqual([]);
    await open.close();
    await session.close();
    expect(canariesIn([open, session])).toEqual([]);
    await observer.query(`drop role ${role}`);
  });
});

describe('what the database tells of itself', () => {
  it('of all that went before shows neither SQL nor a value nor a password, in log lines, spans and metrics', async () => {
    const told = await sdk.everything();
    expect(logger.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'session opened',
        'session lost',
        'session thrown away',
        'no session is free',
        'commit is ambiguous',
        'drain time over',
      ]),
    );
    expect(sdk.spans().filter(({ status }) => status.message !== undefined).length).toBeGreaterThan(STATEMENTS.length);
    expect((await sdk.metric('db.client.operation.duration'))?.dataPoints.length).toBeGreaterThan(SQLSTATES.length);
    expect(canariesIn([told, logger.lines])).toEqual([]);
  });
});

describe('the canaries', () => {
  it('are seen where they are: in the driver’s own error, and in whatever a field, a cause or a byte hides', async () => {
    const sql = postgres(inject('serverUrl'), { max: 1 });
    const error = await reasonOf(sql`select ${'canary'}::int`);
    await sql.end();
    expect(canariesIn(error)).toEqual([CANARY]);
    const hidden = Object.defineProperty({}, 'secret', { value: 'canary', enumerable: false });
    for (const holder of [
      new Error('outer', { cause: new Error('canary') }),
      hidden,
      { [Symbol('secret')]: new Map([['key', new Set(['canary'])]]) },
      { bytes: Buffer.from(`${'-'.repeat(500)}canary`) },
    ]) {
      expect(canariesIn(holder)).toEqual([CANARY]);
    }
    expect(canariesIn({ amount: 31_337_424_242_000n, price: '31,337.424242' })).not.toEqual([]);
  });
});
