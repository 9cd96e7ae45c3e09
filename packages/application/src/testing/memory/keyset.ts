import { Timestamp, ValidationError } from '@blotter/domain';
import {
  decodeCursor,
  encodeCursor,
  pageLimit,
  pageOf,
  type Cursor,
  type Page,
  type PageRequest,
} from '../../paging/page.js';

type Key = readonly [Timestamp, string] | readonly [number];

/** What a list is sorted by, and how a cursor says it. */
interface Keyset<Item> {
  keyOf(item: Item): Key;
  parse(cursor: Cursor): Key;
}

/** By the place in the ledger. */
export function bySequence<Item extends { readonly sequence: number }>(): Keyset<Item> {
  return {
    keyOf: ({ sequence }) => [sequence],
    parse: (cursor) => {
      const [text = ''] = decodeCursor(cursor, 1);
      if (!/^[1-9]\d{0,15}$/.test(text)) throw notOurs();
      return [Number(text)];
    },
  };
}

/** By a time, then by id. */
export function byTime<Item extends { readonly id: string }>(timeOf: (item: Item) => Timestamp): Keyset<Item> {
  return {
    keyOf: (item) => [timeOf(item), item.id],
    parse: (cursor) => {
      const [at = '', id = ''] = decodeCursor(cursor, 2);
      if (!/^[0-9a-f-]{36}$/.test(id) || !isTimestamp(at)) throw notOurs();
      return [at, id];
    },
  };
}

/** Checks the request, and returns what cuts its page out of the items. @throws ValidationError INVALID_PAGE */
export function paging<Item>(keyset: Keyset<Item>, request: PageRequest = {}): (items: readonly Item[]) => Page<Item> {
  const limit = pageLimit(request);
  const direction = request.newestFirst ? -1 : 1;
  const after = request.after === undefined ? undefined : keyset.parse(request.after);
  return (items) => {
    const sorted = items
      .filter((item) => after === undefined || direction * compare(keyset.keyOf(item), after) > 0)
      .sort((a, b) => direction * compare(keyset.keyOf(a), keyset.keyOf(b)));
    return pageOf(sorted.slice(0, limit + 1), limit, (item) => encodeCursor(...keyset.keyOf(item).map(String)));
  };
}

export function sorted<Item>(keyset: Keyset<Item>, items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => compare(keyset.keyOf(a), keyset.keyOf(b)));
}

function compare(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}

function isTimestamp(text: string): text is Timestamp {
  try {
    return Timestamp.of(text) === text;
  } catch {
    return false;
  }
}

function notOurs(): ValidationError {
  return new ValidationError('INVALID_PAGE', 'The cursor is not the `next` of a page of this list.');
}
