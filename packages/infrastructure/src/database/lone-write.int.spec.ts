import { Blotter, isRepeatable, TransactionManager, type TransactionOptions } from '@blotter/application';
import type { Portfolio } from '@blotter/domain';
import { anyNewPortfolio, anyPortfolio } from '@blotter/domain/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { reasonOf } from '../../test/reason-of.js';
import { startTcpProxy, type TcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseSettings } from './database-config.js';
import { Database } from './database.js';
import { sendAlone } from './lone-write.js';
import { Session } from './session.js';

let storage: TestDatabase;
/** Undisturbed, to hold locks and to look at the server and the tables. */
let direct: Database;
let proxy: TcpProxy;
/** Of one session, behind the proxy. */
let database: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  direct = await Database.connect(storage.config);
});
afterAll(async () => {
  await direct.close();
  await storage.drop();
});
beforeEach(async () => {
  proxy = await startTcpProxy(storage.config.settings, 0);
  database = await connect();
});
afterEach(async () => {
  await database.close({ drainMs: 0 });
  await proxy.close();
});

function connect(settings: DatabaseSettings = {}): Promise<Database> {
  const config = storage.configWith({ applicationName: 'alone', maxPoolSize: 1, ...settings });
  return Database.connect(config.at('127.0.0.1', proxy.port));
}

/** A unit that only writes. */
async function save(portfolio: Portfolio, on: Database = database, options: TransactionOptions = {}): Promise<void> {
  await new TransactionManager(on).execute((unit) => Promise.resolve(unit.portfolios.save(portfolio)), options);
}

/** The last statement of the session, and what it is doing. */
async function session() {
  const [row] = await direct.query<{ query: string; state: string; waits: string | null }>(
    `select query, state, wait_event_type as waits from pg_stat_activity where application_name = 'alone'`,
  );
  return row;
}

describe('a unit that only writes', () => {
  it('is one statement, without BEGIN and COMMIT, and is committed when it is answered', async () => {
    const [first, second] = [anyPortfolio(), anyPortfolio()];
    await save(first);
    const before = proxy.bursts;
    await save(second);
    expect(proxy.bursts - before).toBe(1);
    expect(await session()).toMatchObject({ query: expect.stringContaining('insert into portfolios') as string });
    expect(await direct.read.portfolios.get(second.id)).toEqual(second.atVersion(1));
    expect(database.statistics().transactions).toEqual({ committed: 2, rolledBack: 0 });
  });

  it('that is refused has written nothing, and says why', async () => {
    const [taken, fine] = [anyPortfolio(), anyPortfolio()];
    await save(taken);
    const twin = anyPortfolio({ name: taken.name });
    const refused = new TransactionManager(database).execute((unit) => {
      unit.portfolios.save(taken.atVersion(1).withLimits({ maxOpenPositions: 1 }));
      return Promise.resolve(unit.portfolios.save(twin));
    });
    await expect(refused).rejects.toMatchObject({ code: 'DUPLICATE', entity: 'portfolio', id: twin.id });
    expect(await direct.read.portfolios.get(taken.id)).toEqual(taken.atVersion(1));
    expect(database.statistics()).toMatchObject({
      transactions: { committed: 1, rolledBack: 1 },
      sessions: { inUse: 0 },
    });
    await save(fine);
    expect(await direct.read.portfolios.find(fine.id)).toBeDefined();
  });

  it('that is refused by what is checked at its end has written nothing', async () => {
    await direct.query(`create function refuse() returns trigger language plpgsql as $$ begin
      raise exception using errcode = 'check_violation', table = 'portfolios'; end $$`);
    await direct.query(`create constraint trigger refuse_at_commit after insert on portfolios
      deferrable initially deferred for each row when (new.name = 'refused') execute function refuse()`);
    const portfolio = anyPortfolio({ name: 'refused' });
    await expect(save(portfolio)).rejects.toMatchObject({ code: 'INTEGRITY', entity: 'portfolio', id: portfolio.id });
    expect(await direct.read.portfolios.find(portfolio.id)).toBeUndefined();
  });

  const withBegin: [string, TransactionOptions, DatabaseSettings][] = [
    ['an isolation level', { isolation: 'read committed' }, {}],
    ['readOnly', { readOnly: false }, {}],
    ['deferrable', { deferrable: false }, {}],
    ['settings of its own, behind a pooler', {}, { pooler: 'transaction' }],
  ];
  it.each(withBegin)('has BEGIN and COMMIT when it has %s', async (_, options, settings) => {
    const other = await connect({ applicationName: 'framed', ...settings });
    const portfolio = anyPortfolio();
    await save(portfolio, other, options);
    const sent = await direct.query(`select query from pg_stat_activity where application_name = 'framed'`);
    expect(sent).toEqual([{ query: 'commit' }]);
    expect(await direct.read.portfolios.find(portfolio.id)).toBeDefined();
    await other.close();
  });
});

test('what is to be sent on a connection that is cut is not sent, and may be repeated', async () => {
  const alone = await Session.connect(storage.config.at('127.0.0.1', proxy.port));
  proxy.cut();
  await expect.poll(() => alone.isUsable).toBe(false);
  const write = { name: 'lost', text: 'select $1::int', values: [1], subjectOf: () => undefined };
  const error = await reasonOf(sendAlone(alone, write));
  expect(error).toMatchObject({ code: 'CONNECTION_LOST' });
  expect(isRepeatable(error)).toBe(true);
});

describe('a unit that only writes, and waits for a row that somebody has locked', () => {
  let portfolio: Portfolio;
  /** Has the lock, until it is rolled back. */
  let holder: ReturnType<Database['begin']>;

  beforeEach(async () => {
    portfolio = await new Blotter(direct).openPortfolio(anyNewPortfolio());
    holder = direct.begin();
    await holder.portfolios.getForUpdate(portfolio.id);
  });
  afterEach(() => holder[Symbol.asyncDispose]());

  /** Returns when the server waits; the promise within is that of the unit. */
  async function waiting(options: TransactionOptions = {}): Promise<{ ended: Promise<unknown> }> {
    const ended = reasonOf(save(portfolio.withLimits({ maxOpenPositions: 1 }), database, options));
    await expect.poll(session).toMatchObject({ state: 'active', waits: 'Lock' });
    return { ended };
  }

  it('is told that nobody knows when the connection is cut', async () => {
    const { ended } = await waiting();
    proxy.cut();
    expect(await ended).toMatchObject({ code: 'AMBIGUOUS_COMMIT', cause: { code: 'CONNECTION_LOST' } });
  });

  it('is told that nobody knows when the server ends it', async () => {
    const { ended } = await waiting();
    await direct.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'alone'`);
    expect(await ended).toMatchObject({ code: 'AMBIGUOUS_COMMIT', cause: { code: 'SERVER_UNAVAILABLE' } });
  });

  it.each([
    ['the database is closed', 'DATABASE_CLOSED'],
    ['its caller gives up', 'ABORTED'],
    ['its deadline passes', 'TIMEOUT'],
  ])('is told that nobody knows when %s, and the server is told to stop', async (_, code) => {
    const controller = new AbortController();
    const wait = code === 'TIMEOUT' ? { timeoutMs: 1_500 } : { signal: controller.signal };
    const { ended } = await waiting(wait);
    if (code === 'DATABASE_CLOSED') await database.close({ drainMs: 0 });
    if (code === 'ABORTED') controller.abort();
    expect(await ended).toMatchObject({ code: 'AMBIGUOUS_COMMIT', cause: { code } });
    // While the lock is still held: it does not wait for that any more.
    await expect.poll(session).toBeUndefined();
    await holder.rollback();
    expect(await direct.read.portfolios.get(portfolio.id)).toEqual(portfolio);
  });
});

describe.each([
  ['a unit that only writes', {}],
  ['a unit with COMMIT', { isolation: 'read committed' }],
] as const)('%s', (_, options) => {
  it('is told that nobody knows when the network falls silent for the command timeout', async () => {
    const hasty = await connect({ applicationName: 'hasty', commandTimeoutMs: 500 });
    await save(anyPortfolio(), hasty, options);
    proxy.silence();
    await expect(save(anyPortfolio(), hasty, options)).rejects.toMatchObject({
      code: 'AMBIGUOUS_COMMIT',
      cause: { code: 'TIMEOUT' },
    });
    await hasty.close({ drainMs: 0 });
  });
});

const ROUNDS = 100;
const AT_ONCE = 4;

test(`a cut while a cold session first uses the statement never has two effects, and is told rightly, ${ROUNDS} times`, async () => {
  await direct.query('create table effects (round int)');
  const slow = await startTcpProxy(storage.config.settings, 5);
  const outcomes: string[] = [];
  /** How long the statement took that was last seen to its end, in milliseconds: more on a busy machine. */
  let length = 25;
  const cutAt = async (round: number) => {
    const link = await startTcpProxy({ host: '127.0.0.1', port: slow.port }, 0);
    const cold = await Session.connect(storage.configWith({ applicationName: 'cold' }).at('127.0.0.1', link.port));
    const begun = performance.now();
    // Spread evenly over the statement's whole length on a cold session, and a little beyond; every tenth is left whole.
    const cutAfterMs = round % 10 === 0 ? undefined : (round / ROUNDS) * length * 1.15;
    const timer = cutAfterMs === undefined ? undefined : setTimeout(link.cut, cutAfterMs);
    const text = 'insert into effects (round) values ($1)';
    try {
      await sendAlone(cold, { name: 'effect', text, values: [round], subjectOf: () => undefined });
      outcomes[round] = 'committed';
      length = performance.now() - begun;
    } catch (error) {
      outcomes[round] = (error as { code: string }).code;
    } finally {
      clearTimeout(timer);
      await cold.close();
      await link.close();
    }
  };
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) await cutAt(round);
    }),
  );
  await slow.close();
  // A backend may still be at work after its client is gone.
  await expect
    .poll(() => direct.query(`select 1 from pg_stat_activity where application_name = 'cold'`), { timeout: 10_000 })
    .toEqual([]);
  const rows = await direct.query<{ round: number }>('select round from effects');
  const told = outcomes.map((outcome, round) => `${outcome} ${rows.filter((row) => row.round === round).length}`);
  const right = ['committed 1', 'CONNECTION_LOST 0', 'AMBIGUOUS_COMMIT 0', 'AMBIGUOUS_COMMIT 1'];
  expect(told.filter((outcome) => !right.includes(outcome))).toEqual([]);
  expect(told).toHaveLength(ROUNDS);
  expect(told.filter((outcome) => outcome.startsWith('AMBIGUOUS')).length).toBeGreaterThan(ROUNDS / 4);
  expect(told).toContain('committed 1');
});
