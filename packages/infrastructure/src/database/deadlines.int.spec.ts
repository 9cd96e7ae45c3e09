import { setTimeout as sleep } from 'node:timers/promises';
import { Blotter, TransactionManager } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import type { PortfolioId } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from './database.js';
import type { DatabaseSettings } from './database-config.js';

/** Long enough to be seen to wait, short enough for a test. */
const SOON_MS = 80;

let storage: TestDatabase;
/** Undisturbed, to look at the server and the tables. */
let direct: Database;
let portfolioId: PortfolioId;

beforeAll(async () => {
  storage = await createTestDatabase();
  direct = await Database.connect(storage.config);
  portfolioId = (await new Blotter(direct).openPortfolio(anyPortfolio())).id;
});
afterAll(async () => {
  await direct.close();
  await storage.drop();
});

/** A database of few sessions under a name of its own, so that the server can be asked about them. */
function connect(applicationName: string, maxPoolSize = 1): Promise<Database> {
  return Database.connect(storage.configWith({ applicationName, maxPoolSize, minPoolSize: 1 }));
}

const backends = async (applicationName: string) => {
  const [row] = await direct.query<{ all: number; active: number }>(
    `select count(*)::int as all, count(*) filter (where state = 'active')::int as active
     from pg_stat_activity where application_name = $1`,
    [applicationName],
  );
  return row;
};

describe('a unit of work that is not waited for any longer', () => {
  it('throws its session away, cancels what the server was doing, and leaves the pool whole', async () => {
    await using database = await connect('given-up');
    const failing = new TransactionManager(database).execute((unit) => unit.sql('select pg_sleep(60)'), {
      timeoutMs: SOON_MS,
    });
    await expect(failing).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect.poll(() => backends('given-up')).toMatchObject({ active: 0 });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  });

  it('gives up a lock that it was waiting for, so that the next in line has it', async () => {
    await using database = await connect('waiter', 3);
    await using holder = database.begin();
    await holder.portfolios.getForUpdate(portfolioId);
    const controller = new AbortController();
    const waiting = new TransactionManager(database).execute((unit) => unit.portfolios.getForUpdate(portfolioId), {
      signal: controller.signal,
    });
    setTimeout(() => {
      controller.abort();
    }, SOON_MS);
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    const next = new TransactionManager(database).execute((unit) => unit.portfolios.getForUpdate(portfolioId));
    await holder.rollback();
    expect(await next).toMatchObject({ id: portfolioId });
  });

  it('ends its wait for a session, and takes none from those who wait behind it', async () => {
    await using database = await connect('queue');
    const holder = database.begin();
    await holder.sql('select 1');
    const late = database.begin({ timeoutMs: SOON_MS });
    const behind = database.begin();
    const waiting = behind.sql<{ one: number }>('select 1 as one');
    await expect(late.sql('select 1')).rejects.toMatchObject({ code: 'TIMEOUT' });
    await holder.rollback();
    expect(await waiting).toEqual([{ one: 1 }]);
    await behind.rollback();
  });

  it('is told that nobody knows when COMMIT was under way, and the session it had meets no other statement', async () => {
    const proxy = await startTcpProxy(storage.config.settings, 5);
    const config = storage.configWith({ applicationName: 'committing', maxPoolSize: 1 }).at('127.0.0.1', proxy.port);
    const database = await Database.connect(config);
    const controller = new AbortController();
    // A cold session would hold COMMIT back until the statement before it is prepared.
    await new Blotter(database).openPortfolio(anyPortfolio());
    const unit = database.begin({ signal: controller.signal });
    await unit.sql('select 1');
    unit.portfolios.save(anyPortfolio());
    const committing = unit.commit();
    setTimeout(() => {
      controller.abort();
    }, 2);
    await expect(committing).rejects.toMatchObject({ code: 'AMBIGUOUS_COMMIT', cause: { code: 'ABORTED' } });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
    await proxy.close();
  });
});

describe('a network that says nothing any more', () => {
  /** A database whose command timeout is short, behind a proxy. */
  async function behindProxy(
    applicationName: string,
    settings: DatabaseSettings = {},
  ): Promise<{ database: Database; proxy: TcpProxy }> {
    const proxy = await startTcpProxy(storage.config.settings, 0);
    const config = storage
      .configWith({ applicationName, maxPoolSize: 1, commandTimeoutMs: 500, connectTimeoutMs: 500, ...settings })
      .at('127.0.0.1', proxy.port);
    return { database: await Database.connect(config), proxy };
  }

  it.each([
    ['its own deadline', { timeoutMs: SOON_MS }],
    ['the command timeout', {}],
  ])('ends a transaction at %s', async (_, options) => {
    const { database, proxy } = await behindProxy('silent-unit');
    const unit = database.begin(options);
    await unit.sql('select 1');
    proxy.silence();
    await expect(unit.sql('select 1')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(unit.isActive).toBe(false);
    await database.close({ drainMs: 0 });
    await proxy.close();
  });

  it('repeats shared reads on another session at the command timeout, those that had the whole of it and those that came later', async () => {
    const { database, proxy } = await behindProxy('silent-shared', { sharedReadSessions: 1 });
    await database.read.portfolios.get(portfolioId);
    proxy.silence();
    const read = () => database.read.portfolios.get(portfolioId);
    const reads = [read(), read()];
    await sleep(250);
    reads.push(read(), read());
    expect((await Promise.all(reads)).map(({ id }) => id)).toEqual(Array.from({ length: 4 }, () => portfolioId));
    await database.close();
    await proxy.close();
  });

  it('ends a read at its own deadline', async () => {
    const { database, proxy } = await behindProxy('silent-read');
    await database.read.portfolios.get(portfolioId);
    proxy.silence();
    await expect(database.reading({ timeoutMs: SOON_MS }).portfolios.get(portfolioId)).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    await database.close({ drainMs: 0 });
    await proxy.close();
  });
});

describe('a shared read that is not waited for any longer', () => {
  it('discards its answer and nothing else: the session goes on, and so do the reads of others', async () => {
    await using database = await Database.connect(
      storage.configWith({ sharedReadSessions: 1, applicationName: 'shared' }),
    );
    await database.read.portfolios.get(portfolioId);
    const before = await backends('shared');
    const controller = new AbortController();
    const aborted = database.reading({ signal: controller.signal }).portfolios.get(portfolioId);
    const others = Promise.all(Array.from({ length: 20 }, () => database.read.portfolios.get(portfolioId)));
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect((await others).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, () => portfolioId));
    expect(await backends('shared')).toEqual(before);
  });

  it('sends a read that was aborted before not at all', async () => {
    await using database = await connect('unsent');
    const reading = database.reading({ signal: AbortSignal.abort() }).portfolios.get(portfolioId);
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    // The pool's own session is there, and none for shared reads.
    expect(await backends('unsent')).toMatchObject({ all: 1 });
  });
});
