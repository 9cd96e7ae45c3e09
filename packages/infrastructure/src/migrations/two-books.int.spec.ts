import { readFile } from 'node:fs/promises';
import { Blotter } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Trader } from '../../test/trader.js';
import { Database } from '../database/database.js';
import { Session } from '../database/session.js';
import { proveBook } from '../proof/prove-book.js';
import { Migrator } from './migrator.js';

describe('two books in one database, each in a schema of its own', () => {
  let storage: TestDatabase;

  beforeAll(async () => {
    storage = await createTestDatabase({ empty: true });
  });
  afterAll(() => storage.drop());

  const open = (schema: string) => Database.connect(storage.configWith({ schema }), { schema: 'migrate' });

  /** A filled order and an active one, in a portfolio of their own. */
  async function trade(schema: string): Promise<string> {
    await using database = await open(schema);
    const trader = await Trader.open({ storage, database, blotter: new Blotter(database), drop: () => storage.drop() });
    await trader.trade();
    await trader.place();
    return trader.portfolioId;
  }

  /** How many rows each of the book's functions has for the portfolio, for somebody who looks in public. */
  async function rowsOf(schema: string, portfolioId: string): Promise<readonly (number | undefined)[]> {
    await using elsewhere = await Database.connect(storage.config);
    const functions = ['active_orders', 'position_pnl', 'fold_executions'];
    return await Promise.all(
      functions.map(async (name) => {
        const rows = await elsewhere.query<{ rows: number }>(
          `select count(*)::int as rows from ${schema}.${name}($1)`,
          [portfolioId],
        );
        return rows[0]?.rows;
      }),
    );
  }

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
    const portfolioId = await trade('south');
    await using elsewhere = await Database.connect(storage.config);
    expect(await rowsOf('south', portfolioId)).toEqual([1, 1, 1]);
    await expect(elsewhere.query('delete from south.positions')).rejects.toMatchObject({ code: 'INTEGRITY' });
  });

  test('can be renamed, as docs/migrations.md says: it is traded and proven as before', async () => {
    const page = await readFile(new URL('../../../../docs/migrations.md', import.meta.url), 'utf8');
    const renaming = /```sql\n(begin;\nalter schema desk_7 rename to desk_8;[^]*?)```/.exec(page)?.[1] ?? '';
    const portfolioId = await trade('desk_7');
    const elsewhere = await Session.connect(storage.config);
    try {
      await elsewhere.query('begin; alter schema desk_7 rename to desk_8');
      const lost = elsewhere.query(`select from desk_8.position_pnl('${portfolioId}')`);
      await expect(lost).rejects.toMatchObject({ sqlState: '42P01' });
      await elsewhere.query('rollback');
      await elsewhere.query(renaming);
    } finally {
      await elsewhere.close();
    }
    expect(await rowsOf('desk_8', portfolioId)).toEqual([1, 1, 1]);
    await trade('desk_8');
    await using renamed = await Database.connect(storage.configWith({ schema: 'desk_8' }), { schema: 'current' });
    const proof = await proveBook(renamed);
    expect(proof).toMatchObject({ difference: '0', mismatches: [] });
    expect(new Set(proof.portfolios.map((figure) => figure.portfolioId)).size).toBe(2);
    await expect(renamed.query('delete from positions')).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect(
      await renamed.query(`select proname from pg_proc where pronamespace = 'desk_8'::regnamespace
        and pg_get_functiondef(oid) like '%desk_7%'`),
    ).toEqual([]);
  });

  test('cannot be told apart through a pooler', () => {
    expect(() => storage.configWith({ schema: 'east', pooler: 'transaction' })).toThrow('DATABASE_POOLER');
  });
});
