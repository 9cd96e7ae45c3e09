/**
 * Texts as an array of PostgreSQL's, for a placeholder with a cast such as `::uuid[]`: the statement is the same for any number of
 * them, and so prepared once.
 */
export function arrayLiteral(texts: readonly (string | null)[]): string {
  return `{${texts.map((text) => (text === null ? 'null' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}
