import { Column, getTableColumns, is, Table } from 'drizzle-orm';

/** What a select names: columns and expressions, and tables with all of their columns. */
export type SelectedFields = Readonly<Record<string, unknown>>;

/** A row as it comes from the driver, by the position of the column. */
export type Values = readonly unknown[];

/** Makes a field of a row whose values begin at `from`. A position alone: the value there, as it is. */
type Decode = number | ((values: Values, from: number) => unknown);

const VALUES = Symbol('values');
const FROM = Symbol('from');

/**
 * A row whose fields are read out of the driver's values when they are asked for. A mapper asks for each of them about once, so that
 * an object with a copy of all would be made for nothing: for an order it takes as long as to parse its decimals. A field that is a
 * row itself is made anew each time.
 */
class Row {
  /** Symbols, since a column may have any name. */
  readonly [VALUES]: Values;
  readonly [FROM]: number;

  constructor(values: Values, from: number) {
    this[VALUES] = values;
    this[FROM] = from;
  }
}

type RowClass = typeof Row;

/** One for each table: its rows are alike whichever statement reads them, and a mapper is compiled for one kind of row. */
const rowsOfTables = new Map<Table, RowClass>();

/**
 * Makes rows of what a query selects, as drizzle would: values in the order in which they are selected, and those of a table in an
 * object of its own, which is null where a join found no row of it. Their fields are getters. Made once for a statement.
 */
export function rowDecoder(fields: SelectedFields): (values: Values) => object {
  const table = tableOf(fields);
  const Selected = table ? tableRow(table) : rowClass(decodersOf(fields));
  return (values) => new Selected(values, 0);
}

/** The table that is selected whole and alone, under the names of its columns. */
function tableOf(fields: SelectedFields): Table | undefined {
  const selected = Object.entries(fields);
  const [, first] = selected[0] ?? [];
  if (!is(first, Column)) return undefined;
  const columns = Object.entries(getTableColumns(first.table));
  const isWhole =
    columns.length === selected.length &&
    columns.every(([name, column], at) => selected[at]?.[0] === name && selected[at][1] === column);
  return isWhole ? first.table : undefined;
}

function tableRow(table: Table): RowClass {
  const known = rowsOfTables.get(table) ?? rowClass(decodersOf(getTableColumns(table)));
  rowsOfTables.set(table, known);
  return known;
}

function decodersOf(fields: SelectedFields): (readonly [string, Decode])[] {
  let position = 0;
  return Object.entries(fields).map(([name, field]) => {
    if (!is(field, Table)) return [name, valueDecoder(field, position++)];
    const at = position;
    position += Object.keys(getTableColumns(field)).length;
    return [name, joinedDecoder(field, at, position)];
  });
}

function rowClass(decoders: readonly (readonly [string, Decode])[]): RowClass {
  const Selected = class extends Row {};
  for (const [name, decode] of decoders) {
    const get =
      typeof decode === 'number'
        ? function (this: Row) {
            return this[VALUES][this[FROM] + decode];
          }
        : function (this: Row) {
            return decode(this[VALUES], this[FROM]);
          };
    Object.defineProperty(Selected.prototype, name, { get, enumerable: true });
  }
  return Selected;
}

function joinedDecoder(table: Table, begin: number, end: number): Decode {
  const Joined = tableRow(table);
  return (values, from) => (isAllNull(values, from + begin, from + end) ? null : new Joined(values, from + begin));
}

/** The driver's value, or what drizzle's column makes of it. */
function valueDecoder(field: unknown, position: number): Decode {
  if (!is(field, Column) || field.mapFromDriverValue === Column.prototype.mapFromDriverValue) {
    return position;
  }
  return (values, from) => {
    const value = values[from + position];
    return value === null ? null : field.mapFromDriverValue(value);
  };
}

function isAllNull(values: Values, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (values[at] !== null) return false;
  return true;
}
