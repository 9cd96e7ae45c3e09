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

/** The migrator, while somebody has what it wants. */
const WAITING = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

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
  for (const [, name = '', sql = ''] of page.matchAll(FILE)) {
    // Batches of one, so that a few orders are several of them.
    await writeFile(join(folder, name), sql.replace('limit 1000', 'limit 1'));
  }
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

    // Somebody holds the last order without a desk: the batch before it is there for all to see.
    await using unit = book.database.begin();
    await unit.sql('select id from orders where desk is null order by id desc limit 1 for update');
    const filling = migrator.up({ to: '0102' });
    const filled = () => query(`select id from orders where desk = 'house'`);
    await expect.poll(filled, { timeout: 30_000 }).toHaveLength(1);
    await unit.rollback();
    await filling;
    expect(await query('select desk, count(*)::int as orders from orders group by 1 order by 1')).toEqual([
      { desk: 'house', orders: 2 },
      { desk: 'momentum', orders: 1 },
    ]);
    await migrator.up({ to: '0103' });
    await expect(trader.place()).rejects.toMatchObject({ code: 'INTEGRITY', constraint: 'orders_desk_check' });
    expect(await query(`select convalidated as looked from pg_constraint where conname = 'orders_desk_check'`)).toEqual(
      [{ looked: false }],
    );
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
    await expect(migrator.down()).rejects.toMatchObject({ code: 'MIGRATION_LOSES_DATA', version: '0105' });
    const back = () => migrator.down({ acceptLoss: ['0105'] });
    await expect(back()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', cause: { sqlState: '22P02' } });
    await query(`update orders set time_in_force = 'DAY' where id = '${id}'`);
    expect((await back()).current).toBe('0104');
    await trader.trade();
    await migrator.up({ to: '0105' });
  });

  test('an index on a big table: orders are filled while it is built', async () => {
    // A build waits for the transactions that write the table: this one holds it in the middle for as long as the test likes.
    await using unit = book.database.begin();
    await unit.sql('update orders set reason = $1', ['open']);
    const building = migrator.up({ to: '0106' });
    await expect.poll(() => query(WAITING), { timeout: 30_000 }).toHaveLength(1);
    await trader.trade({ symbol: 'MSFT' });
    expect(await query('select phase from pg_stat_progress_create_index where datname = current_database()')).toEqual([
      { phase: 'waiting for writers before build' },
    ]);
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
