import { TransactionManager, type IsolationLevel } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';

describe('A unit of work that is given what it cannot run', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ settings: { maxPoolSize: 1, acquireTimeoutMs: 2_000 } });
    database = await Database.connect(testDatabase.config);
    await database.query('create table notes (text text)');
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const notes = async () => (await database.query<{ text: string }>('select text from notes')).map(({ text }) => text);

  it('refuses an isolation level that is none, runs nothing outside a transaction, and keeps its session', async () => {
    const isolation = 'serializable; create table injected (a int); begin' as IsolationLevel;
    const work = new TransactionManager(database).execute(
      (unit) => unit.sql('insert into notes values ($1)', ['lost']),
      {
        isolation,
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(await notes()).toEqual([]);
    expect(await database.query(`select to_regclass('injected') as found`)).toEqual([{ found: null }]);
  });

  it('refuses a parameter that is undefined at once, and goes on', async () => {
    const missing = [undefined] as unknown as string[];
    await expect(database.query('select $1::text', missing)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses COPY, which would leave the session to the next in a state it cannot use', async () => {
    const unit = database.begin();
    await expect(unit.sql('copy notes from stdin')).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(unit.isActive).toBe(false);
    expect(await notes()).toEqual([]);
  });

  it('passes the work’s own error on when no session could be had', async () => {
    const holder = database.begin();
    await holder.sql('select 1');
    const work = new TransactionManager(database).execute(async (unit) => {
      unit.portfolios.findCurrent().catch(() => undefined);
      await Promise.resolve();
      throw new RangeError('the work’s own');
    });
    await expect(work).rejects.toThrow('the work’s own');
    await holder.rollback();
  });
});
