import { ValidationError } from '../errors.js';
import type { Brand } from './brand.js';

/**
 * A moment in UTC with microseconds, as PostgreSQL's timestamptz keeps it: "2026-01-05T14:30:00.000000Z".
 * Always this form, so `<` and `===` on the text compare the moments. JavaScript's Date would drop the microseconds.
 */
export type Timestamp = Brand<'Timestamp'>;

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** Our own form; the 29th of February is left to the calendar. Most of what is read is a Timestamp already. */
const CANONICAL =
  /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

export const Timestamp = {
  /**
   * Reads a Date, or ISO 8601 text with an offset ("2026-01-05T14:30:00.5Z"), or a day ("2026-01-05": its midnight in UTC).
   * @throws ValidationError INVALID_TIMESTAMP, also for more than six decimals of a second and for years outside 0001 to 9999
   */
  of(input: Date | string): Timestamp {
    if (typeof input === 'string') return canonical(input) ?? canonical(withMicroseconds(input)) ?? parse(input);
    if (!(input instanceof Date) || Number.isNaN(input.getTime())) throw invalid();
    return fromMilliseconds(input.getTime(), '000');
  },

  /** The same moment as a Date, its microseconds cut off. */
  toDate(timestamp: Timestamp): Date {
    return new Date(timestamp.slice(0, 23) + 'Z');
  },
};

function canonical(text: string): Timestamp | undefined {
  return CANONICAL.test(text) ? (text as Timestamp) : undefined;
}

/** What Date's toISOString() gives, with three decimals more. No other text becomes canonical by it. */
function withMicroseconds(text: string): string {
  return `${text.slice(0, 23)}000${text.slice(23)}`;
}

function parse(text: string): Timestamp {
  const match = ISO.exec(text);
  if (!match) throw invalid();
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] =
    match;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  if (/[1-9]/.test(fraction.slice(6))) throw invalid();
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${local}.${micros.slice(0, 3)}Z`);
  // Date accepts 2026-02-30 and turns it into March; a day that does not come back is no day.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(local)) throw invalid();
  return fromMilliseconds(milliseconds - offsetMinutes(offset) * 60_000, micros.slice(3));
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}

function fromMilliseconds(milliseconds: number, micros: string): Timestamp {
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw invalid();
  return `${date.toISOString().slice(0, 23)}${micros}Z` as Timestamp;
}

function invalid(): ValidationError {
  return new ValidationError(
    'INVALID_TIMESTAMP',
    'A moment is a Date, or ISO 8601 text with an offset and at most six decimals, such as "2026-01-05T14:30:00.123456Z".',
  );
}
