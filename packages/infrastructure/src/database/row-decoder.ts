import { Column, getTableColumns, is, Table } from 'drizzle-orm';

/** What a select names: columns and expressions, and tables with all of their columns. */
export type SelectedFields = Readonly<Record<string, unknown>>;

/** A row as it comes from the driver, by the position of the column. */
export type Values = readonly unknown[];

type Decode = (values: Values) => unknown;

/**
 * Makes rows of what a query selects, as drizzle would: values in the order in which they are selected, and those of a table in an
 * object of its own, which is null where a join found no row of it. Made once for a statement.
 */
export function rowDecoder(fields: SelectedFields): (values: Values) => Record<string, unknown> {
  let position = 0;
  const decoders = Object.entries(fields).map(([name, field]): readonly [string, Decode] => {
    if (!is(field, Table)) return [name, valueDecoder(field, position++)];
    const columns = getTableColumns(field);
    const from = position;
    position += Object.keys(columns).length;
    const decode = objectDecoder(
      Object.entries(columns).map(([column, of], at) => [column, valueDecoder(of, from + at)]),
    );
    const to = position;
    return [name, (values) => (isAllNull(values, from, to) ? null : decode(values))];
  });
  return objectDecoder(decoders);
}

function objectDecoder(decoders: readonly (readonly [string, Decode])[]): (values: Values) => Record<string, unknown> {
  const names = decoders.map(([name]) => name);
  const decodes = decoders.map(([, decode]) => decode);
  return (values) => {
    const row: Record<string, unknown> = {};
    for (const [at, name] of names.entries()) row[name] = decodes[at]?.(values);
    return row;
  };
}

/** The driver's value, or what drizzle's column makes of it. */
function valueDecoder(field: unknown, position: number): Decode {
  if (!is(field, Column)) return (values) => values[position];
  return (values) => {
    const value = values[position];
    return value === null ? null : field.mapFromDriverValue(value);
  };
}

function isAllNull(values: Values, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (values[at] !== null) return false;
  return true;
}
