const UNSAFE = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row as a line of COPY's text format, with its newline; PostgreSQL's manual, COPY, "Text Format". */
export function copyLine(texts: readonly (string | null)[]): string {
  return `${texts.map(fieldOf).join('\t')}\n`;
}

function fieldOf(text: string | null): string {
  if (text === null) return '\\N';
  return UNSAFE.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : text;
}
