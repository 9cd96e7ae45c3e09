import { Blotter } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Trader } from '../../test/trader.js';
import { Database } from '../database/database.js';
import { proveBook } from '../proof/prove-book.js';
import { Migrator } from './migrator.js';

describe('two books in one database, each in a schema of its own', () => {
  let storage: TestDatabase;

  beforeAll(async () => {
    storage = await createTestDatabase({ empty: true });
  });
  afterAll(() => storage.drop());

  const open = (schema: string) => Database.connect(storage.configWith({ schema }), { schema: 'migrate' });

  test('are migrated, written, read and proven without one seeing the other', async () => {
    await using east = await open('east');
    await using west = await open('west');
    const portfolio = anyPortfolio();
    await new Blotter(east).openPortfolio(portfolio);
    await new Blotter(west).openPortfolio(portfolio);
    expect((await east.read.portfolios.list({ limit: 10 })).items).toHaveLength(1);
    await expect(new Blotter(east).openPortfolio({ ...anyPortfolio(), name: portfolio.name })).rejects.toMatchObject({
      code: 'DUPLICATE',
    });
    expect((await proveBook(west)).difference).toBe('0');
    expect(
      await west.query(`select schemaname as schema, count(*)::int as tables from pg_tables
        where schemaname in ('east', 'west', 'public') group by 1 order by 1`),
    ).toEqual([
      { schema: 'east', tables: 9 },
      { schema: 'west', tables: 9 },
    ]);
    expect(
      await west.query(
        `select distinct typnamespace::regnamespace::text as schema from pg_type where typtype = 'e' order by 1`,
      ),
    ).toEqual([{ schema: 'east' }, { schema: 'west' }]);
  });

  test('stand at versions of their own', async () => {
    await new Migrator(storage.configWith({ schema: 'north' })).up({ to: '0001' });
    const applied = async (schema: string) => {
      const status = await new Migrator(storage.configWith({ schema })).status();
      return status.filter(({ state }) => state === 'applied').map(({ version }) => version);
    };
    expect(await applied('north')).toEqual(['0000', '0001']);
    expect((await applied('east')).length).toBeGreaterThan(2);
    expect(await applied('nowhere')).toEqual([]);
  });

  test('keep their functions and triggers to themselves, wherever the caller looks', async () => {
    await using south = await open('south');
    const book = { storage, database: south, blotter: new Blotter(south), drop: () => storage.drop() };
    const trader = await Trader.open(book);
    await trader.trade();
    await trader.place();
    await using elsewhere = await Database.connect(storage.config);
    for (const rows of ['active_orders', 'position_pnl', 'fold_executions']) {
      expect(
        await elsewhere.query(`select count(*)::int as rows from south.${rows}($1)`, [trader.portfolioId]),
        rows,
      ).toEqual([{ rows: 1 }]);
    }
    await expect(elsewhere.query('delete from south.positions')).rejects.toMatchObject({ code: 'INTEGRITY' });
  });

  test('cannot be told apart through a pooler', () => {
    expect(() => storage.configWith({ schema: 'east', pooler: 'transaction' })).toThrow('DATABASE_POOLER');
  });
});
