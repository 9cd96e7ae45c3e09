import { ConfigurationError } from '@blotter/application';

/** What a caller may give for $1, $2 …: all values as text. */
export type PlainParameters = readonly (string | null)[];

/** Blanks and comments, which may stand before a statement. */
const BEFORE = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

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
  if (NOT_FOR_CALLERS.test(text.replace(BEFORE, ''))) {
    return new ConfigurationError(
      'This statement is not for sql() or query(): begin(), commit(), savepoint() and their options govern transactions, and settings that last are for the configuration. SET LOCAL may be used.',
    );
  }
  if (parameters.some((value) => typeof value === 'string' && HALF_SURROGATE.test(value))) {
    return new ConfigurationError('A parameter of the statement has half a surrogate pair, which cannot be stored.');
  }
  return undefined;
}
