import { CASH_MOVEMENT_KINDS, ORDER_SIDES, ORDER_STATUSES, ORDER_TYPES, TIMES_IN_FORCE } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';

let book: TestBook;

/** A row in every table: orders filled and pending, positions open and closed. */
beforeAll(async () => {
  book = await openTestBook();
  const trader = await Trader.open(book);
  await trader.trade({ symbol: 'MSFT' });
  await trader.trade({ symbol: 'MSFT', side: 'SELL' });
  await trader.trade();
  await trader.place();
  await trader.mark('110', '2026-01-05T15:00:00Z');
  await trader.snapshot('2026-01-05T21:00:00Z');
});
afterAll(() => book.drop());

const query = <Row>(text: string, parameters?: readonly string[]) => book.database.query<Row>(text, parameters);

test('there are the tables of the book and the two of the migrations, and no other', async () => {
  const tables = await query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
  );
  expect(tables.map(({ name }) => name)).toEqual([
    'cash_movements',
    'executions',
    'marks',
    'orders',
    'portfolio_snapshots',
    'portfolios',
    'positions',
    'schema_migration_history',
    'schema_migrations',
  ]);
});

test('the enums have the values of the domain, in its order, and no other', async () => {
  const enums = await query<{ name: string; labels: string }>(
    `select typname as name, string_agg(enumlabel, ' ' order by enumsortorder) as labels
     from pg_enum join pg_type on pg_type.oid = enumtypid group by typname`,
  );
  expect(Object.fromEntries(enums.map(({ name, labels }) => [name, labels.split(' ')]))).toEqual({
    order_side: [...ORDER_SIDES],
    order_type: [...ORDER_TYPES],
    order_status: [...ORDER_STATUSES],
    time_in_force: [...TIMES_IN_FORCE],
    cash_movement_kind: [...CASH_MOVEMENT_KINDS],
  });
});

test('a value that no enum has is refused', async () => {
  for (const column of ['side', 'type', 'status', 'time_in_force']) {
    // 22P02 is invalid_text_representation.
    const refused = query(`update orders set ${column} = 'NONE'`);
    await expect(refused, column).rejects.toMatchObject({ code: 'DATABASE_ERROR', sqlState: '22P02' });
  }
});

describe('a row that contradicts itself is refused by the table, whoever writes it', () => {
  /** Which row is taken, what is changed in it, and the check that refuses the result. */
  const CONTRADICTIONS: readonly (readonly [check: string, row: string, change: Readonly<Record<string, unknown>>])[] =
    [
      ['orders_quantity_check', `orders where status = 'FILLED'`, { quantity: -1 }],
      ['orders_quantity_check', 'orders', { multiplier: 0 }],
      ['orders_terms_check', 'orders', { limit_price: 1 }],
      ['orders_terms_check', 'orders', { stop_price: 1 }],
      ['orders_terms_check', 'orders', { type: 'LIMIT' }],
      ['orders_terms_check', 'orders', { type: 'STOP' }],
      ['orders_terms_check', 'orders', { type: 'STOP_LIMIT', limit_price: 1 }],
      ['orders_terms_check', 'orders', { type: 'LIMIT', limit_price: 0 }],
      ['orders_terms_check', 'orders', { type: 'STOP', stop_price: 0 }],
      ['orders_filled_check', `orders where status = 'PENDING'`, { status: 'FILLED' }],
      ['orders_filled_check', `orders where status = 'PENDING'`, { status: 'PARTIALLY_FILLED' }],
      ['orders_filled_check', `orders where status = 'PENDING'`, { status: 'SUBMITTED', filled_quantity: 1 }],
      ['orders_filled_check', `orders where status = 'PENDING'`, { filled_quantity: -1 }],
      ['orders_filled_check', `orders where status = 'FILLED'`, { status: 'CANCELLED' }],
      ['orders_version_check', 'orders', { version: 0 }],
      ['positions_closed_check', 'positions where quantity > 0', { quantity: 0, cost_basis: 0 }],
      ['positions_closed_check', 'positions where quantity > 0', { closed_at: '2026-01-06' }],
      ['positions_closed_check', 'positions where quantity = 0', { closed_at: null }],
      ['positions_closed_check', 'positions where quantity = 0', { cost_basis: 1 }],
      ['positions_cost_basis_check', 'positions where quantity > 0', { cost_basis: -1 }],
      ['positions_cost_basis_check', 'positions where quantity > 0', { quantity: -1 }],
      ['positions_amounts_check', 'positions', { multiplier: 0 }],
      ['positions_amounts_check', 'positions', { invested: -1 }],
      ['positions_amounts_check', 'positions', { max_value: -1 }],
      ['positions_stops_check', 'positions', { stop_loss: 0 }],
      ['positions_stops_check', 'positions', { take_profit: 0 }],
      ['positions_version_check', 'positions', { version: 0 }],
      ['portfolios_counts_check', 'portfolios', { trade_count: -1 }],
      ['portfolios_counts_check', 'portfolios', { win_count: -1 }],
      ['portfolios_counts_check', 'portfolios', { loss_count: -1 }],
      ['portfolios_counts_check', 'portfolios', { win_count: 1, loss_count: 1 }],
      ['portfolios_flows_check', 'portfolios', { deposits: -1 }],
      ['portfolios_flows_check', 'portfolios', { withdrawals: -1 }],
      ['portfolios_flows_check', 'portfolios', { gross_profit: -1 }],
      ['portfolios_flows_check', 'portfolios', { gross_loss: 1 }],
      ['portfolios_sequence_check', 'portfolios', { last_sequence: -1 }],
      ['portfolios_version_check', 'portfolios', { version: 0 }],
      ['executions_quantity_check', 'executions', { quantity: 0 }],
      ['executions_quantity_check', 'executions', { price: -1 }],
      ['executions_quantity_check', 'executions', { multiplier: 0 }],
      ['executions_sequence_check', 'executions', { sequence: 0 }],
      ['cash_movements_amount_check', 'cash_movements', { amount: 0 }],
      ['cash_movements_sequence_check', 'cash_movements', { sequence: 0 }],
      ['portfolio_snapshots_identity_check', 'portfolio_snapshots', { cash: '0.000000000000000001' }],
      ['portfolio_snapshots_counts_check', 'portfolio_snapshots', { sequence: -1 }],
      ['portfolio_snapshots_counts_check', 'portfolio_snapshots', { unmarked_positions: -1 }],
      ['portfolio_snapshots_counts_check', 'portfolio_snapshots', { unmarked_positions: 2 }],
      ['portfolio_snapshots_marks_check', 'portfolio_snapshots', { marks: [] }],
      ['marks_price_check', 'marks', { price: -1 }],
    ];

  test.each(CONTRADICTIONS)('%s: %s with %j', async (check, row, change) => {
    const [table = ''] = row.split(' ');
    // A copy of the row: facts cannot be updated, and a check is looked at before any key.
    const insert = `insert into ${table}
      select changed.* from (select ${table} as row from ${row} limit 1) taken, jsonb_populate_record(taken.row, $1::text::jsonb) changed`;
    await expect(query(insert, [JSON.stringify(change)])).rejects.toMatchObject({
      code: 'INTEGRITY',
      constraint: check,
    });
  });

  test('and every check of the schema is among these', async () => {
    const checks = await query<{ name: string }>(
      `select conname as name from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace
         and conname not like 'schema\\_migration%'`,
    );
    const shown = new Set(CONTRADICTIONS.map(([check]) => check));
    expect(checks.map(({ name }) => name).sort()).toEqual([...shown].sort());
  });
});

test('there are partial indexes for what is active and open, and composite ones for the lists', async () => {
  const indexes = await query<{ name: string; predicate: string | null; columns: number }>(
    `select indexrelid::regclass::text as name, pg_get_expr(indpred, indrelid) as predicate, indnkeyatts::int as columns
     from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = 'public'::regnamespace`,
  );
  const partial = new Map(indexes.map(({ name, predicate }) => [name, predicate]));
  expect(partial.get('orders_active_idx')).toMatch(/PENDING.*SUBMITTED.*PARTIALLY_FILLED/);
  expect(partial.get('positions_open_key')).toBe('(closed_at IS NULL)');
  expect(partial.get('positions_open_idx')).toBe('(closed_at IS NULL)');
  expect(partial.get('positions_closed_idx')).toBe('(closed_at IS NOT NULL)');
  const composite = indexes.filter(({ columns }) => columns > 1).map(({ name }) => name);
  expect(composite).toEqual(
    expect.arrayContaining([
      'orders_symbol_idx',
      'orders_status_idx',
      'positions_symbol_idx',
      'positions_strategy_idx',
    ]),
  );
});
