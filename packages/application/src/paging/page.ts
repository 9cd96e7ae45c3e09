import { ValidationError } from '@blotter/domain';

declare const brand: unique symbol;
/** Where a page ended: pass it as `after` to get the next. Opaque, and safe to send to a client and back. */
export type Cursor = string & { readonly [brand]: 'Cursor' };

export interface PageRequest {
  /** 1 to 1,000 items; 100 unless said otherwise. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: Cursor | undefined;
  /** Newest first; oldest first unless said otherwise. */
  readonly newestFirst?: boolean | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Undefined on the last page. */
  readonly next: Cursor | undefined;
}

export const DEFAULT_PAGE_LIMIT = 100;
export const MAX_PAGE_LIMIT = 1_000;

/** The limit of a request. @throws ValidationError INVALID_PAGE unless it is a whole number from 1 to 1,000 */
export function pageLimit(request: PageRequest): number {
  const limit = request.limit ?? DEFAULT_PAGE_LIMIT;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_LIMIT) {
    throw new ValidationError('INVALID_PAGE', `A page has 1 to ${MAX_PAGE_LIMIT} items.`);
  }
  return limit;
}

const SEPARATOR = '~';

/** For adapters: the cursor behind an item with these sort keys. */
export function encodeCursor(...keys: readonly string[]): Cursor {
  return keys.join(SEPARATOR) as Cursor;
}

/** For adapters: the sort keys of a cursor. @throws ValidationError INVALID_PAGE when it is not one of ours */
export function decodeCursor(cursor: Cursor, count: number): readonly string[] {
  const keys = cursor.split(SEPARATOR);
  if (keys.length !== count || keys.some((key) => key === '')) {
    throw new ValidationError('INVALID_PAGE', 'The cursor is not the `next` of a page of this list.');
  }
  return keys;
}

/** For adapters: a page out of `limit + 1` items read. The one too many only says that there are more. */
export function pageOf<Item>(items: readonly Item[], limit: number, cursorOf: (item: Item) => Cursor): Page<Item> {
  const kept = items.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept, next: items.length > limit && last !== undefined ? cursorOf(last) : undefined };
}
