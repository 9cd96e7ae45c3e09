import { ValidationError } from '../errors.js';

// A control character in a name or an id is always a mistake, and PostgreSQL refuses U+0000 in text.
// Half a surrogate pair goes to the database as U+FFFD: two different ids would come back as one.
const UNFIT = /[\p{Cc}\p{Cs}]/u;
/** What nearly every name is made of; four times as fast to look for. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * A line of text of 1 to `max` characters without control characters, halves of surrogate pairs or blanks around it.
 * @throws ValidationError INVALID_TEXT
 */
export function boundedText(text: string, what: string, max: number): string {
  if (typeof text !== 'string' || text.length > max || !(PLAIN.test(text) || isFit(text))) {
    throw new ValidationError(
      'INVALID_TEXT',
      `The ${what} must be 1 to ${max} characters, without control characters, halves of surrogate pairs and blanks around it.`,
    );
  }
  return text;
}

function isFit(text: string): boolean {
  return text.length > 0 && !UNFIT.test(text) && text.trim() === text;
}

export function optionalText(text: string | undefined, what: string, max: number): string | undefined {
  return text === undefined ? undefined : boundedText(text, what, max);
}
