import { Blotter } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from './database.js';
import { Session } from './session.js';
import { Transaction } from './transaction.js';

describe('a migration that runs while prepared statements of its tables are in use', () => {
  let storage: TestDatabase;
  let database: Database;
  let migrating: Database;

  beforeEach(async () => {
    storage = await createTestDatabase({ settings: { maxPoolSize: 3, minPoolSize: 3 } });
    database = await Database.connect(storage.config);
    migrating = await Database.connect(storage.configWith({ maxPoolSize: 1 }));
  });
  afterEach(async () => {
    await database.close();
    await migrating.close();
    await storage.drop();
  });

  /** Changes the type of what every statement about portfolios returns. */
  const migrate = () => migrating.query(`alter table portfolios alter column name type varchar(500)`);

  it('is not seen by commands: the work is repeated once, however many sessions have outdated statements', async () => {
    const blotter = new Blotter(database, { retry: { attempts: 2 } });
    const portfolios = await Promise.all(Array.from({ length: 3 }, () => blotter.openPortfolio(anyPortfolio())));
    const lockAtOnce = () =>
      Promise.all(
        portfolios.map(({ id }) =>
          blotter.transactions.executeWithRetry((unit) => unit.portfolios.getForUpdate(id), { attempts: 2 }),
        ),
      );
    await lockAtOnce();
    await migrate();
    for (let round = 0; round < 3; round += 1) expect(await lockAtOnce()).toEqual(portfolios);
    expect(database.statistics().transactions.rolledBack).toBeGreaterThan(0);
  });

  it('is not seen by shared reads', async () => {
    const portfolio = await new Blotter(database).openPortfolio(anyPortfolio());
    // So many that they are sent one by one and together, and that a plan is kept of both.
    const readAll = () => Promise.all(Array.from({ length: 20 }, () => database.read.portfolios.get(portfolio.id)));
    for (let round = 0; round < 8; round += 1) await readAll();
    await migrate();
    expect(await readAll()).toEqual(Array.from({ length: 20 }, () => portfolio));
  });

  it('never lets a write that was refused run alone behind COMMIT: postgres.js would send it again by itself', async () => {
    await migrating.query('create table notes (id serial primary key, text text)');
    const write = 'with added as (insert into notes (text) values ($1) returning *) select * from added';
    const session = await Session.connect(storage.config);
    const prepared = Transaction.begin(session);
    await prepared.query(write, ['first']);
    await prepared.commit();
    await migrating.query('alter table notes alter column text type varchar(50)');

    const transaction = Transaction.begin(session);
    const results = await Promise.allSettled([transaction.query(write, ['second']), transaction.commit()]);

    const outdated = { status: 'rejected', reason: { code: 'STATEMENT_OUTDATED' } };
    expect(results).toMatchObject([outdated, outdated]);
    await expect
      .poll(() => migrating.query('select 1 from pg_stat_activity where pid = $1::int', [String(session.backendPid)]))
      .toEqual([]);
    expect(await migrating.query('select text from notes')).toEqual([{ text: 'first' }]);
  });
});
