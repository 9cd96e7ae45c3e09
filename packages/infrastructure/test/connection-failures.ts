import { TransactionManager } from '@blotter/application';
import { expect } from 'vitest';
import type { DatabaseSettings } from '../src/database/database-config.js';
import { Database } from '../src/database/database.js';
import { Session } from '../src/database/session.js';
import { Transaction } from '../src/database/transaction.js';
import type { Failure } from './failure.js';
import { reasonOf } from './reason-of.js';
import type { TestBook } from './test-book.js';
import { Trader } from './trader.js';
import { startTcpProxy } from './tcp-proxy.js';

/** What becomes of sessions, statements and transactions. */
export const CONNECTION_FAILURES: readonly Failure[] = [
  {
    error: 'ConnectionError DATABASE_MISSING',
    when: 'there is no such database',
    fails: (book) => Database.connect(book.storage.config.withName('blotter_test_no_such_book')),
  },
  {
    error: 'ConnectionError CONNECTION_LOST',
    when: 'the connection of a transaction is gone before COMMIT is sent',
    fails: async (book) => {
      const proxy = await startTcpProxy(book.storage.config.settings, 0);
      const session = await Session.connect(book.storage.configWith({ host: '127.0.0.1', port: proxy.port }));
      const transaction = Transaction.begin(session);
      await transaction.query('select 1');
      await proxy.close();
      await expect.poll(() => session.isUsable).toBe(false);
      await transaction.commit();
    },
  },
  {
    error: 'PoolExhaustedError POOL_EXHAUSTED',
    when: 'no session is free within the acquire deadline',
    fails: (book) =>
      on(book, { maxPoolSize: 1, acquireTimeoutMs: 50 }, async (database) => {
        await using holder = database.begin();
        await holder.sql('select 1');
        await database.query('select 1');
      }),
  },
  {
    error: 'PoolExhaustedError POOL_EXHAUSTED',
    when: 'too many wait for a session already',
    fails: (book) =>
      on(book, { maxPoolSize: 1, maxWaiting: 2 }, async (database) => {
        await using holder = database.begin();
        await holder.sql('select 1');
        const waiting = Array.from({ length: 8 }, () => database.query('select 1'));
        const refused = await Promise.any(waiting.map(reasonOf));
        await holder.rollback();
        await Promise.allSettled(waiting);
        throw refused;
      }),
  },
  {
    error: 'TimeoutError TIMEOUT',
    when: 'a statement takes longer than it may',
    fails: (book) => on(book, { commandTimeoutMs: 100 }, (database) => database.query('select pg_sleep(60)')),
  },
  {
    error: 'TimeoutError LOCK_TIMEOUT',
    when: 'a row stays locked for longer than the lock timeout',
    fails: async (book) => {
      const { portfolioId } = await Trader.open(book);
      await using holder = book.database.begin();
      await holder.portfolios.getForUpdate(portfolioId);
      await on(book, { lockTimeoutMs: 50 }, (database) =>
        new TransactionManager(database).execute((unit) => unit.portfolios.getForUpdate(portfolioId)),
      );
    },
  },
  {
    error: 'AbortedError ABORTED',
    when: 'the caller’s signal ends the wait',
    fails: (book) => book.database.query('select pg_sleep(60)', [], { signal: AbortSignal.timeout(50) }),
  },
  {
    error: 'ResourcesExhaustedError RESOURCES_EXHAUSTED',
    when: 'the server has no room left',
    fails: (book) => book.database.query(`do $$ begin raise exception using errcode = 'disk_full'; end $$`),
  },
  {
    error: 'StatementRefusedError STATEMENT_REFUSED',
    when: 'the driver refuses a statement, of more parameters than the protocol can count',
    fails: (book) => book.database.query('select 1', Array<string>(70_000).fill('')),
  },
  {
    error: 'UnitOfWorkBusyError UNIT_OF_WORK_BUSY',
    when: 'a unit of work is committed while a read of it is under way',
    fails: async (book) => {
      await using unit = book.database.begin();
      const reading = unit.portfolios.findCurrent();
      try {
        await unit.commit();
      } finally {
        await reading;
      }
    },
  },
  {
    error: 'TransactionNotActiveError TRANSACTION_NOT_ACTIVE',
    when: 'a unit of work is used after its commit',
    fails: async (book) => {
      const unit = book.database.begin();
      await unit.commit();
      await unit.portfolios.findCurrent();
    },
  },
  {
    error: 'TransactionConflictError SERIALIZATION_FAILURE',
    when: 'two serializable transactions decide on what the other writes',
    entity: 'portfolio',
    fails: async (book) => {
      const [one, two] = [await (await Trader.open(book)).portfolio(), await (await Trader.open(book)).portfolio()];
      await using first = book.database.begin({ isolation: 'serializable' });
      await using second = book.database.begin({ isolation: 'serializable' });
      await first.portfolios.get(two.id);
      await second.portfolios.get(one.id);
      first.portfolios.save(one);
      second.portfolios.save(two);
      await first.commit();
      await second.commit();
    },
  },
  {
    error: 'TransactionConflictError DEADLOCK',
    when: 'two transactions wait for each other',
    fails: async (book) => {
      const [one, two] = [await Trader.open(book), await Trader.open(book)];
      await using first = book.database.begin();
      await using second = book.database.begin();
      await first.portfolios.getForUpdate(one.portfolioId);
      await second.portfolios.getForUpdate(two.portfolioId);
      await Promise.all([
        first.portfolios.getForUpdate(two.portfolioId),
        second.portfolios.getForUpdate(one.portfolioId),
      ]);
    },
  },
  {
    error: 'CommitFailedError COMMIT_FAILED',
    when: 'COMMIT is answered by ROLLBACK',
    fails: async (book) => {
      const session = await Session.connect(book.storage.config);
      try {
        const transaction = Transaction.begin(session);
        // Behind the transaction's back: it does not see this error.
        await session.query('select 1 / 0').catch(() => undefined);
        await transaction.commit();
      } finally {
        await session.close();
      }
    },
  },
  {
    error: 'AmbiguousCommitError AMBIGUOUS_COMMIT',
    when: 'the connection is gone while COMMIT is under way',
    fails: async (book) => {
      await book.database.query('create table slow (id int)');
      await book.database.query(
        `create function wait_at_commit() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end'`,
      );
      await book.database.query(
        'create constraint trigger slow_commit after insert on slow deferrable initially deferred for each row execute function wait_at_commit()',
      );
      await using unit = book.database.begin();
      const [row] = await unit.sql<{ pid: number }>('insert into slow values (1) returning pg_backend_pid() as pid');
      const committing = unit.commit();
      committing.catch(() => undefined);
      const pid = String(row?.pid);
      const query = `select query from pg_stat_activity where pid = $1::int and state = 'active'`;
      await expect.poll(() => book.database.query(query, [pid])).toEqual([{ query: 'commit' }]);
      await book.database.query('select pg_terminate_backend($1::int)', [pid]);
      await committing;
    },
  },
  {
    error: 'DatabaseError DATABASE_ERROR',
    when: 'the server refuses what has no name of its own here',
    fails: (book) => book.database.query('select 1 / 0'),
  },
  {
    error: 'ConfigurationError CONFIGURATION',
    when: 'a parameter is undefined',
    fails: (book) => book.database.query('select $1::text', [undefined] as unknown as string[]),
  },
  {
    error: 'DatabaseClosedError DATABASE_CLOSED',
    when: 'the database was closed',
    fails: async (book) => {
      const closed = await Database.connect(book.storage.configWith({ minPoolSize: 0 }));
      await closed.close();
      await closed.read.portfolios.findCurrent();
    },
  },
];

/** Runs work on a database with other settings. */
async function on(
  { storage }: TestBook,
  settings: DatabaseSettings,
  work: (database: Database) => Promise<unknown>,
): Promise<void> {
  const other = await Database.connect(storage.configWith({ minPoolSize: 0, ...settings }));
  try {
    await work(other);
  } finally {
    await other.close();
  }
}
