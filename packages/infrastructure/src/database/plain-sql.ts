import { ConfigurationError } from '@blotter/application';

/** What a caller may give for $1, $2 …: all values as text. */
export type PlainParameters = readonly (string | null)[];

/** What would end the caller's transaction, or change the session for whoever has it next. */
const NOT_FOR_CALLERS =
  /^(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|set\s+(?!local\b|constraints\b)|reset|discard|listen|unlisten)\b/i;

/** Half a surrogate pair goes to the database as U+FFFD: what is stored would not be what was given. */
const HALF_SURROGATE = /\p{Cs}/u;

/**
 * Why a statement of the caller's is not sent: a transaction says only then what became of it when nobody else begins and ends
 * it. @returns undefined for one that may be sent
 */
export function refusalOf(text: string, parameters: readonly unknown[]): ConfigurationError | undefined {
  if (NOT_FOR_CALLERS.test(fromFirstWord(text))) {
    return new ConfigurationError(
      'This statement is not for sql() or query(): begin(), commit(), savepoint() and their options govern transactions, and settings that last are for the configuration. SET LOCAL may be used.',
    );
  }
  // A program without types may give anything, and what is no text would be stored as another value. Undefined has a refusal of its own.
  if (parameters.some((value) => value !== null && value !== undefined && typeof value !== 'string')) {
    return new ConfigurationError(
      'A parameter of the statement is no text. Give the text that PostgreSQL reads: "12.50", "true", "{a,b}", JSON; or null for no value.',
    );
  }
  if (parameters.some((value) => typeof value === 'string' && HALF_SURROGATE.test(value))) {
    return new ConfigurationError('A parameter of the statement has half a surrogate pair, which cannot be stored.');
  }
  return undefined;
}

/** Without what may stand before a statement: blanks, empty statements, and comments, which nest in PostgreSQL. */
function fromFirstWord(text: string): string {
  const rest = text.replace(/^(?:[\s;]|--[^\n]*)+/, '');
  return rest.startsWith('/*') ? fromFirstWord(rest.slice(endOfComment(rest))) : rest;
}

function endOfComment(text: string): number {
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return index + mark.length;
  }
  return text.length;
}
