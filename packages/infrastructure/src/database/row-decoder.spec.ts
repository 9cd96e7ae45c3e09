import { getTableColumns, is, Column, Table } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import { describe, expect, it, test, vi } from 'vitest';
import { marks } from '../marks/mark-table.js';
import { orders } from '../orders/order-table.js';
import { rowDecoder, type SelectedFields, type Values } from './row-decoder.js';
import { statement, type QueryBuilder } from './statement.js';

/** A select of drizzle's. */
interface Select {
  readonly _: { readonly selectedFields: SelectedFields };
  execute(parameters: object): Promise<unknown>;
}
type Build = Parameters<typeof statement>[1];

/** What the repositories build, by the names of the statements. */
const { builds } = vi.hoisted(() => ({ builds: new Map<string, Build>() }));

vi.mock('./statement.js', async (importOriginal) => {
  const original = await importOriginal<{ statement: typeof statement }>();
  return {
    ...original,
    statement: (name: string, build: Build) => {
      builds.set(name, build);
      return original.statement(name, build);
    },
  };
});

await import('../transactions/postgres-unit-of-work.js');

/** Whatever a placeholder is called, it has this value. */
const parameters = new Proxy<Record<string, string>>({}, { get: () => '1', has: () => true });

describe('every statement of the repositories', () => {
  it('is known here', () => {
    expect(builds.size).toBeGreaterThan(50);
  });

  it.each([...builds])(
    '%s is sent as drizzle would send it, and its rows are those that drizzle makes',
    async (name, build) => {
      const ours = statement(name, build);
      let rows: Values[] = [];
      let sent: unknown;
      const theirs = drizzle(
        (text, values) => {
          sent = { text, values };
          return Promise.resolve({ rows: rows.map((row) => [...row]) });
        },
        { casing: 'snake_case' },
      );
      // Of another driver, and else the same.
      const query = build(theirs as unknown as QueryBuilder) as unknown as Select;
      const fields = selectedFields(query);
      rows = fields ? rowsLike(fields) : [];
      const decoded = await query.execute(parameters);
      expect(sent).toEqual({ text: ours.text, values: ours.valuesOf(parameters) });
      if (fields) expect((ours.rowsOf(rows) as object[]).map(plain)).toEqual(decoded);
    },
  );
});

test('what a join found no row of is null, and a row that is partly null is not', () => {
  const decode = rowDecoder({ order: orders, one: orders.version });
  const columns = Object.keys(getTableColumns(orders));
  const nothing = columns.map(() => null);
  expect(plain(decode([...nothing, 1]))).toEqual({ order: null, one: 1 });
  const row = decode(['an id', ...nothing.slice(1), 1]);
  expect(plain(row)).toEqual({
    order: { ...Object.fromEntries(columns.map((column) => [column, null])), id: 'an id' },
    one: 1,
  });
});

test('rows of a table are of one class, whichever statement reads them whole', () => {
  const values = Object.keys(getTableColumns(orders)).map(() => null);
  const row = rowDecoder(getTableColumns(orders))(values);
  expect(rowDecoder({ ...getTableColumns(orders) })(values).constructor).toBe(row.constructor);
  expect(rowDecoder({ id: orders.id })(values).constructor).not.toBe(row.constructor);
});

test('fields are called what the select calls them, also where they are all columns of a table, or `values` or `from`', () => {
  expect(plain(rowDecoder({ symbol: marks.symbol, values: marks.price, from: marks.at })(['A', '1', '2']))).toEqual({
    symbol: 'A',
    values: '1',
    from: '2',
  });
});

/** The fields of a row, which are getters, and those of the rows in it. */
function plain(row: object): object {
  const names = Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(row) as object));
  const fields = names
    .filter((name) => name !== 'constructor')
    .map((name) => [name, Reflect.get(row, name) as unknown]);
  return Object.fromEntries(fields.map(([name, value]) => [name, isRow(value) ? plain(value) : value])) as object;
}

function isRow(value: unknown): value is object {
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  return (
    typeof prototype === 'object' && prototype !== null && ![Object.prototype, Array.prototype].includes(prototype)
  );
}

function selectedFields(query: Select): SelectedFields | undefined {
  // A write has none, whatever its type says.
  return (query._ as Partial<Select['_']> | undefined)?.selectedFields;
}

/** A row with all values, and where it is a join, one for each table that has found nothing. */
function rowsLike(fields: SelectedFields): Values[] {
  const parts = Object.values(fields).map((field) =>
    (is(field, Table) ? Object.values(getTableColumns(field)) : [field]).map(driverValue),
  );
  const [first, ...joined] = parts.keys();
  const isJoin = Object.values(fields).every((field) => is(field, Table)) && joined.length > 0;
  const without = (missing: number) => parts.flatMap((part, at) => (at === missing ? part.map(() => null) : part));
  return [parts.flat(), ...(isJoin && first !== undefined ? joined.map(without) : [])];
}

/** As the driver gives it. */
function driverValue(field: unknown): unknown {
  const type = is(field, Column) ? field.getSQLType() : 'text';
  if (type === 'integer') return 7;
  if (type === 'bigint') return '9007199254740991';
  if (type === 'jsonb') return { signal: 'breakout' };
  if (type.startsWith('numeric')) return '12345678901234567890.123456789012345678';
  if (type.startsWith('timestamp')) return '2026-01-05 14:30:00.123456+00';
  return `a ${type}`;
}
