/** Comments, and what is between quotes or dollars: the bodies of functions, texts, names. */
const OPAQUE =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$/gi;

/** The SQL without its comments, and with an empty text for each that is quoted: what is left are its own words. */
function skeletonOf(sql: string): string {
  return sql.replace(OPAQUE, (part) => (part.startsWith('--') || part.startsWith('/*') ? ' ' : "''"));
}

/** Not `rollback to`, which leaves the transaction open, and not the `end` of a function's `begin atomic`. */
const ENDS_TRANSACTION =
  /^(?:begin|start\s+transaction|commit|end|abort|rollback(?!(?:\s+(?:work|transaction))?\s+to\b)|prepare\s+transaction)\b/i;

/** The first statement that begins or ends a transaction, in its own first words. */
export function transactionWordOf(sql: string): string | undefined {
  const skeleton = skeletonOf(sql).replace(/\bbegin\s+atomic\b[\s\S]*?\bend\b(?!\s+as\b)/gi, '');
  return skeleton
    .split(';')
    .map((statement) => ENDS_TRANSACTION.exec(statement.trim())?.[0])
    .find((words) => words !== undefined);
}

/** PostgreSQL builds and drops these beside whoever reads and writes, and waits for them. */
export function isConcurrent(sql: string): boolean {
  return /^\s*(?:(?:create(?:\s+unique)?|drop)\s+index|reindex\b[^;]*?)\s+concurrently\b/i.test(skeletonOf(sql));
}
