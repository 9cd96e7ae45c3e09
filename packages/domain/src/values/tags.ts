import { ValidationError } from '../errors.js';
import { isPlainObject } from './plain-object.js';

/** Free labels on an order, a position or a portfolio, such as `{ signal: 'breakout' }`. */
export type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 32;
const MAX_LENGTH = 256;
// What PostgreSQL refuses in text (U+0000), and what it would change (half a surrogate pair becomes U+FFFD).
const UNFIT = /[\0\p{Cs}]/u;

export const Tags = {
  none: Object.freeze({}) as Tags,

  /** A frozen copy. @throws ValidationError INVALID_TAGS for more than 32 tags, and for keys or values that are no text of at most 256 characters */
  of(tags: Readonly<Record<string, string>>): Tags {
    if (tags === Tags.none) return Tags.none;
    const entries = isPlainObject(tags) ? Object.entries(tags) : undefined;
    const valid = (text: unknown) => typeof text === 'string' && text.length <= MAX_LENGTH && !UNFIT.test(text);
    if (
      !entries ||
      entries.length > MAX_TAGS ||
      !entries.every(([key, value]) => key !== '' && valid(key) && valid(value))
    ) {
      throw new ValidationError(
        'INVALID_TAGS',
        `Tags are at most ${MAX_TAGS} pairs of text, each side at most ${MAX_LENGTH} characters, keys not empty.`,
      );
    }
    return entries.length === 0 ? Tags.none : Object.freeze(Object.fromEntries(entries));
  },
};
