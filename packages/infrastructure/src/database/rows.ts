import {
  decodeCursor,
  encodeCursor,
  pageLimit,
  pageOf,
  type Cursor,
  type Page,
  type PageRequest,
} from '@blotter/application';
import { Money, Price, Timestamp, ValidationError, type Currency } from '@blotter/domain';
import { and, asc, desc, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Parameters } from './statement.js';

const NO_FRACTION = '.000000';
const DASH = 45;

/**
 * PostgreSQL's "2026-01-05 14:30:00.12+00" as the domain's timestamp, "2026-01-05T14:30:00.120000Z". It is not parsed again: sessions
 * write ISO in UTC, or are refused when they are opened, and what else there may be has its dash or its offset elsewhere.
 * @throws ValidationError INVALID_TIMESTAMP for infinity, for years outside 0001 to 9999, and for what is not in UTC
 */
export function momentFromRow(text: string): Timestamp {
  if (text.charCodeAt(4) !== DASH || !text.endsWith('+00')) return Timestamp.of(text);
  const end = text.length - 3;
  const fraction = text.slice(19, end) + NO_FRACTION.slice(end - 19);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}Z` as Timestamp;
}

export function optionalMoment(text: string | null): Timestamp | undefined {
  return text === null ? undefined : momentFromRow(text);
}

export function optionalPrice(text: string | null): Price | undefined {
  return text === null ? undefined : Price.of(text);
}

export function moneyIn(currency: Currency): (amount: string) => Money {
  return (amount) => Money.of(amount, currency);
}

/** Sort keys of a list: a time or sequence that may repeat, then an id that may not. */
export interface SortKeys {
  readonly first: PgColumn;
  readonly second: PgColumn;
}

/** `where`, `order by` and `limit` of a page, for a statement that is prepared once for each direction. */
export function pageClauses(keys: SortKeys, direction: Direction, ...conditions: readonly (SQL | undefined)[]) {
  const { first, second } = keys;
  const after = sql`(${first}, ${second}) ${sql.raw(direction === 'newest' ? '<' : '>')} (${sql.placeholder('afterFirst')}, ${sql.placeholder('afterSecond')})`;
  const sort = direction === 'newest' ? desc : asc;
  return { where: and(...conditions, after), orderBy: [sort(first), sort(second)] as const };
}

export type Direction = 'oldest' | 'newest';

/** The edge of a list, where its first page begins. Never `infinity` for time: the driver's own parser spoils it. */
const EDGES = {
  time: {
    oldest: ['0001-01-01T00:00:00Z', '00000000-0000-0000-0000-000000000000'],
    newest: ['9999-12-31T23:59:59.999999Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  },
  sequence: {
    oldest: ['0', '00000000-0000-0000-0000-000000000000'],
    newest: ['9223372036854775807', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  },
} as const;

/** Runs a list's statement for a request, and makes a page of what it read. @throws ValidationError INVALID_PAGE */
export async function readPage<Row, Item>(
  request: PageRequest,
  sortedBy: keyof typeof EDGES,
  run: (direction: Direction, parameters: Parameters) => Promise<Row[]>,
  toItem: (row: Row) => Item,
  keysOf: (item: Item) => readonly [string, string],
): Promise<Page<Item>> {
  const limit = pageLimit(request);
  const direction = request.newestFirst ? 'newest' : 'oldest';
  const [afterFirst = '', afterSecond = ''] =
    request.after === undefined ? EDGES[sortedBy][direction] : keysOfCursor(request.after, sortedBy);
  // One more than asked for: it says whether there is a next page.
  const rows = await run(direction, { afterFirst, afterSecond, limit: limit + 1 });
  return pageOf(rows.map(toItem), limit, (item) => encodeCursor(...keysOf(item)));
}

const KEY_FORMATS = { time: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/, sequence: /^[1-9]\d{0,15}$/ } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A cursor comes back from a client: what is not one of ours must not reach the database. */
function keysOfCursor(cursor: Cursor, sortedBy: keyof typeof EDGES): readonly string[] {
  const keys = decodeCursor(cursor, 2);
  const [first = '', second = ''] = keys;
  const isTime = sortedBy === 'sequence' || !Number.isNaN(Date.parse(first));
  if (!KEY_FORMATS[sortedBy].test(first) || !UUID.test(second) || !isTime) {
    throw new ValidationError('INVALID_PAGE', 'The cursor is not the `next` of a page of this list.');
  }
  return keys;
}
