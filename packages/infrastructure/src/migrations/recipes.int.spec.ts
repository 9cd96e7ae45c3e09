import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Quantity } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';
import { proveBook } from '../proof/prove-book.js';
import { MIGRATIONS_FOLDER } from './migration-files.js';
import { Migrator } from './migrator.js';

/** The files that the page shows: a block of SQL each, that begins with its name. */
const FILE = /```sql\n-- (\d{4}_\w+(?:\.down)?\.sql)\n([^]*?)```/g;

let book: TestBook;
let trader: Trader;
let folder: string;
let migrator: Migrator;

beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
  await trader.trade();
  folder = await mkdtemp(join(tmpdir(), 'blotter-recipes-'));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  const page = await readFile(new URL('../../../../docs/migrations.md', import.meta.url), 'utf8');
  for (const [, name = '', sql = ''] of page.matchAll(FILE)) await writeFile(join(folder, name), sql);
  migrator = new Migrator(book.storage.config, { folder });
});
afterAll(async () => {
  await book.drop();
  await rm(folder, { recursive: true });
});

const query = <Row>(text: string) => book.database.query<Row>(text);
const isNullable = async () =>
  (
    await query<{ is: boolean }>(
      `select not attnotnull as is from pg_attribute where attrelid = 'orders'::regclass and attname = 'desk'`,
    )
  )[0]?.is;

describe('the recipes of docs/migrations.md, on a book that is traded meanwhile', () => {
  test('expand, backfill, contract', async () => {
    await migrator.up({ to: '0101' });
    // The old program knows no desk, and trades on.
    await trader.trade({ side: 'SELL' });
    // The new one writes it.
    await query(`alter table orders alter column desk set default 'momentum'`);
    await trader.trade();
    await query('alter table orders alter column desk drop default');

    await migrator.up({ to: '0102' });
    expect(await query('select desk, count(*)::int as orders from orders group by 1 order by 1')).toEqual([
      { desk: 'house', orders: 2 },
      { desk: 'momentum', orders: 1 },
    ]);
    await migrator.up({ to: '0103' });
    await expect(trader.place()).rejects.toMatchObject({ code: 'INTEGRITY', constraint: 'orders_desk_check' });
    expect(await isNullable()).toBe(true);
    await migrator.up({ to: '0104' });
    expect(await isNullable()).toBe(false);
    await migrator.down({ to: '0103' });
    expect(await isNullable()).toBe(true);
    await migrator.down({ to: '0101' });
    await trader.trade();
    await migrator.up({ to: '0104' });
    expect(await query(`select count(*)::int as house from orders where desk = 'house'`)).toEqual([{ house: 3 }]);
    await query(`alter table orders alter column desk set default 'momentum'`);
  });

  test('a new value of an enum: it can be used, is refused to go while a row has it, and goes then', async () => {
    await migrator.up({ to: '0105' });
    const { id } = await trader.place();
    await query(`update orders set time_in_force = 'OPG' where id = '${id}'`);
    const back = () => migrator.down({ acceptLoss: ['0105'] });
    await expect(back()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', cause: { sqlState: '22P02' } });
    await query(`update orders set time_in_force = 'DAY' where id = '${id}'`);
    expect((await back()).current).toBe('0104');
    await trader.trade();
    await migrator.up({ to: '0105' });
  });

  test('an index on a big table, while a transaction writes it', async () => {
    await using unit = book.database.begin();
    await unit.sql('update orders set reason = $1', ['open']);
    const building = migrator.up({ to: '0106' });
    await trader.trade({ symbol: 'MSFT' });
    await unit.rollback();
    expect((await building).current).toBe('0106');
    expect(
      await query(`select indisvalid as valid from pg_index where indexrelid = 'orders_desk_idx'::regclass`),
    ).toEqual([{ valid: true }]);
    expect((await migrator.down()).current).toBe('0105');
    await migrator.up({ to: '0106' });
  });

  test('back after a bad release', async () => {
    await migrator.up({ to: '0107' });
    await expect(trader.trade()).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect((await migrator.plan('down', { to: '0106' })).map(({ version, losses }) => ({ version, losses }))).toEqual([
      { version: '0107', losses: [] },
    ]);
    await migrator.down({ to: '0106' });
    expect((await trader.trade()).filledQuantity).toEqual(Quantity.of(10));
    expect(await proveBook(book.database)).toMatchObject({ difference: '0', mismatches: [] });
  });
});
