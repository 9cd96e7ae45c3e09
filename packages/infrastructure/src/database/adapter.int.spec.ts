import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import type { DatabaseSettings } from './database-config.js';
import { Database } from './database.js';
import { Session } from './session.js';
import { Transaction } from './transaction.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
  await book.database.query('create table notes (id int primary key, text text)');
});
afterAll(() => book.drop());
beforeEach(async () => {
  await book.database.query(`insert into notes values (1, 'one'), (2, 'two'), (3, null)`);
});
afterEach(async () => {
  await book.database.query('truncate notes');
});

/** The ids of the notes that everybody sees. */
async function ids(): Promise<number[]> {
  const rows = await book.database.query<{ id: number }>('select id from notes order by id');
  return rows.map(({ id }) => id);
}

describe('SQL outside a transaction', () => {
  test('is executed, and what it wrote is there for all', async () => {
    expect(await book.database.query('update notes set text = $1 where id = $2', ['ONE', '1'])).toEqual([]);
    expect(await book.database.query('select text from notes where id = 1')).toEqual([{ text: 'ONE' }]);
  });

  test('fetches one row, or none', async () => {
    const one = 'select id, text from notes where id = $1';
    const [found] = await book.database.query<{ id: number; text: string }>(one, ['2']);
    const [missing] = await book.database.query<{ id: number; text: string }>(one, ['4']);
    expect([found, missing]).toEqual([{ id: 2, text: 'two' }, undefined]);
  });

  test('fetches all rows, in their order', async () => {
    expect(await book.database.query('select * from notes order by id desc')).toEqual([
      { id: 3, text: null },
      { id: 2, text: 'two' },
      { id: 1, text: 'one' },
    ]);
  });

  test('fetches values: a count, a column', async () => {
    const [row] = await book.database.query<{ count: string }>('select count(*) from notes');
    expect(row?.count).toBe('3');
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('takes a parameter for a value, whatever it says', async () => {
    const text = `'); drop table notes; --`;
    await book.database.query('insert into notes values ($1, $2)', ['4', text]);
    expect(await book.database.query('select text from notes where text = $1', [text])).toEqual([{ text }]);
  });

  test('is ended by the command timeout', async () => {
    const error = await refusalUnder({ commandTimeoutMs: 200 }, 'select pg_sleep(60)');
    expect(error).toMatchObject({ code: 'TIMEOUT' });
  });

  test('is ended by the lock timeout where a row stays locked, and changes nothing', async () => {
    await using holder = book.database.begin();
    await holder.sql('select from notes where id = 1 for update');
    const error = await refusalUnder({ lockTimeoutMs: 100 }, 'delete from notes where id = 1');
    expect(error).toMatchObject({ code: 'LOCK_TIMEOUT' });
    expect(await ids()).toEqual([1, 2, 3]);
  });
});

/** What a database with these settings says to a statement. */
async function refusalUnder(settings: DatabaseSettings, statement: string): Promise<unknown> {
  const impatient = await Database.connect(book.storage.configWith({ minPoolSize: 0, ...settings }));
  try {
    return await impatient.query(statement).catch((error: unknown) => error);
  } finally {
    await impatient.close();
  }
}

describe('a transaction on a session of its own', () => {
  let session: Session;

  beforeEach(async () => {
    session = await Session.connect(book.storage.config);
  });
  afterEach(() => session.close());

  test('shows what it wrote to itself, and to others once it is committed', async () => {
    const transaction = Transaction.begin(session);
    await transaction.query(`insert into notes values (4, 'four')`);
    expect(await transaction.query('select text from notes where id = 4')).toEqual([{ text: 'four' }]);
    expect(await ids()).toEqual([1, 2, 3]);
    await transaction.commit();
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test('leaves nothing behind when it is rolled back, and its session is good for the next', async () => {
    const transaction = Transaction.begin(session);
    await transaction.query('delete from notes');
    await transaction.rollback();
    expect(await ids()).toEqual([1, 2, 3]);

    const next = Transaction.begin(session);
    await next.query('delete from notes where id = 3');
    await next.commit();
    expect(await ids()).toEqual([1, 2]);
  });

  test('undoes what came after a savepoint alone', async () => {
    const transaction = Transaction.begin(session);
    await transaction.query(`insert into notes values (4, 'four')`);
    await transaction.savepoint('here');
    await transaction.query(`insert into notes values (5, 'five')`);
    await transaction.rollbackTo('here');
    await transaction.commit();
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test('takes a batch of statements at once, in their order, and stores all of them', async () => {
    const transaction = Transaction.begin(session);
    const batch = Array.from({ length: 500 }, (_, index) =>
      transaction.query('insert into notes select $1::int, count(*)::text from notes', [String(index + 4)]),
    );
    await Promise.all([...batch, transaction.commit()]);
    expect(await ids()).toHaveLength(503);
    // Each counted the ones before it.
    const wrong = 'select id from notes where id > 3 and text <> (id - 1)::text';
    expect(await book.database.query(wrong)).toEqual([]);
  });

  test('stores nothing of a batch in which one statement fails, and says which one it was', async () => {
    const transaction = Transaction.begin(session);
    const batch = [4, 5, 2, 6].map((id) => transaction.query('insert into notes values ($1, null)', [String(id)]));
    const results = await Promise.allSettled([...batch, transaction.commit()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected']);
    for (const result of results.slice(2)) {
      expect(result).toMatchObject({ reason: { code: 'DUPLICATE', key: 'notes_pkey' } });
    }
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('is told when the server answered COMMIT by a rollback, though no statement of its own had failed', async () => {
    const transaction = Transaction.begin(session);
    await transaction.query(`insert into notes values (4, 'four')`);
    // Behind the transaction's back: it does not see this error.
    await expect(session.query('select 1 / 0')).rejects.toMatchObject({ sqlState: '22012' });
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'COMMIT_FAILED' });
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('is told when its connection is gone before it could be rolled back; the server has done so', async () => {
    const transaction = Transaction.begin(session);
    await transaction.query(`insert into notes values (4, 'four')`);
    await book.database.query('select pg_terminate_backend($1::int)', [String(session.backendPid)]);
    await expect.poll(() => session.isUsable).toBe(false);
    await expect(transaction.rollback()).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
    expect(await ids()).toEqual([1, 2, 3]);
  });
});

test('the connection says who, where and what it is, as the configuration has it', async () => {
  const { settings } = book.storage.config;
  const [info] = await book.database.query(
    `select current_database()::text as name, current_user::text as "user",
       current_setting('application_name') as "applicationName", current_setting('TimeZone') as zone`,
  );
  expect(info).toEqual({
    name: settings.name,
    user: settings.user,
    applicationName: settings.applicationName,
    zone: 'UTC',
  });
});
