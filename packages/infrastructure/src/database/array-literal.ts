/**
 * Texts as an array of PostgreSQL's, for a placeholder with a cast such as `::uuid[]`: the statement is the same for any number of
 * them, and so prepared once.
 */
export function arrayLiteral(texts: readonly (string | null)[]): string {
  return `{${texts.map((text) => (text === null ? 'null' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

/** Rows as an array for each of their columns, for `unnest`. */
export function arraysOf(rows: readonly (readonly (string | null)[])[], columns: readonly string[]): string[] {
  return columns.map((_, index) => arrayLiteral(rows.map((row) => row[index] ?? null)));
}
