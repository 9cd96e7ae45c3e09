import { getTableColumns, sql } from 'drizzle-orm';
import { jsonb, numeric, timestamp, type PgTable } from 'drizzle-orm/pg-core';

/** 38 digits, 18 of them decimals, read and written as text: what the domain's values hold, exactly. */
export const decimal = () => numeric({ precision: 38, scale: 18 });

/** Microseconds and a time zone, read and written as text: Date would drop the microseconds. */
export const moment = () => timestamp({ withTimezone: true, precision: 6, mode: 'string' });

export const tags = () => jsonb().$type<Record<string, string>>().notNull();

/** A placeholder for each column of a table, under the column's own name, for an insert that is prepared once. */
export function placeholdersOf<Table extends PgTable>(table: Table): Table['$inferInsert'] {
  const names = Object.keys(getTableColumns(table));
  // A placeholder stands for its column's value until the statement is executed.
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));
}
