import { sql, type SQL } from 'drizzle-orm';

/** Plain SQL with $1, $2 … as drizzle's `sql` template would have it, each use of a parameter one of its own. */
export function drizzleSql(text: string, parameters: readonly string[]): SQL {
  const chunks = text
    .split(/\$(\d+)/)
    .map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${parameters[Number(part) - 1]}`));
  return sql.join(chunks);
}
