import { describe, expect, it } from 'vitest';
import { everyItem } from './every-item.js';
import {
  DEFAULT_PAGE_LIMIT,
  decodeCursor,
  encodeCursor,
  MAX_PAGE_LIMIT,
  pageLimit,
  pageOf,
  type Cursor,
  type PageRequest,
} from './page.js';

const invalid = expect.objectContaining({ code: 'INVALID_PAGE' }) as Error;

describe('pageLimit', () => {
  it('is 100 unless said otherwise, and from 1 to 1,000', () => {
    expect(pageLimit({})).toBe(DEFAULT_PAGE_LIMIT);
    expect(pageLimit({ limit: 1 })).toBe(1);
    expect(pageLimit({ limit: MAX_PAGE_LIMIT })).toBe(1_000);
  });

  it.each([0, -1, 1.5, 1_001, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (limit) => {
    expect(() => pageLimit({ limit })).toThrow(invalid);
  });
});

describe('a cursor', () => {
  it('gives back the keys it was made of', () => {
    const keys = ['2026-01-05T12:00:00.000001Z', '00000000-0000-7000-8000-000000000001'];
    expect(decodeCursor(encodeCursor(...keys), 2)).toEqual(keys);
  });

  it.each([
    ['', 1],
    ['a~', 2],
    ['~b', 2],
    ['a', 2],
    ['a~b', 1],
  ])('is refused when "%s" should have %s keys', (text, count) => {
    expect(() => decodeCursor(text as Cursor, count)).toThrow(invalid);
  });
});

describe('pageOf', () => {
  const cursorOf = (item: number) => encodeCursor(String(item));

  it('keeps the limit, and says where to go on when one more was read', () => {
    expect(pageOf([1, 2, 3], 2, cursorOf)).toEqual({ items: [1, 2], next: '2' });
  });

  it('is the last page when no more was read', () => {
    expect(pageOf([1, 2], 2, cursorOf)).toEqual({ items: [1, 2], next: undefined });
    expect(pageOf([], 2, cursorOf)).toEqual({ items: [], next: undefined });
  });
});

describe('everyItem', () => {
  const numbers = Array.from({ length: 25 }, (_, index) => index);
  const requests: PageRequest[] = [];
  const list = (request: PageRequest) => {
    requests.push(request);
    const start = request.after === undefined ? 0 : Number(request.after) + 1;
    const limit = pageLimit(request);
    return Promise.resolve(
      pageOf(numbers.slice(start, start + limit + 1), limit, (item) => encodeCursor(String(item))),
    );
  };

  async function collect(request?: PageRequest): Promise<number[]> {
    requests.length = 0;
    const items: number[] = [];
    for await (const item of everyItem(list, request)) items.push(item);
    return items;
  }

  it('walks all pages, and asks for none behind the last', async () => {
    expect(await collect({ limit: 10 })).toEqual(numbers);
    expect(requests).toHaveLength(3);
    expect(await collect({ limit: 25 })).toEqual(numbers);
    expect(requests).toHaveLength(1);
  });

  it('takes the largest pages unless said otherwise, begins where it is told, and keeps the direction', async () => {
    expect(await collect({ after: encodeCursor('19'), newestFirst: true })).toEqual([20, 21, 22, 23, 24]);
    expect(requests).toMatchObject([{ limit: MAX_PAGE_LIMIT, after: '19', newestFirst: true }]);
  });

  it('asks for no further page when the reader stops', async () => {
    requests.length = 0;
    for await (const item of everyItem(list, { limit: 5 })) if (item === 2) break;
    expect(requests).toHaveLength(1);
  });
});
