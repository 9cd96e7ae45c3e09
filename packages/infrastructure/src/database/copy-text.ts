/** A row as a mapper makes it; an object is JSON. */
export type CopyRow = Readonly<Record<string, string | number | null | Readonly<Record<string, string>>>>;

const UNSAFE = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** These columns of a row in COPY's text format, each with a tab behind it but the last; PostgreSQL's manual, COPY, "Text Format". */
export function copyLine(row: CopyRow, columns: readonly string[]): string {
  let line = '';
  for (const column of columns) line += `\t${fieldOf(row[column])}`;
  return line.slice(1);
}

function fieldOf(value: CopyRow[string] | undefined): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return UNSAFE.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : text;
}
