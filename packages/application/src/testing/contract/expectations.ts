import { expect } from 'vitest';
import { MAX_PAGE_LIMIT, type Cursor, type Page, type PageRequest } from '../../paging/page.js';
import { TransactionManager } from '../../transactions/transaction-manager.js';
import type { BookReader, UnitOfWork } from '../../transactions/unit-of-work.js';
import type { BookHarness } from './contract-case.js';

/** Runs the work in a unit of its own and commits it. */
export function transact<Result>(
  { factory }: BookHarness,
  work: (unit: UnitOfWork) => Result | Promise<Result>,
): Promise<Result> {
  return new TransactionManager(factory).execute(async (unit) => work(unit));
}

/** Runs the check outside a unit of work and inside one that may only read: both must read alike. */
export async function readBothWays(
  { factory, read }: BookHarness,
  check: (reader: BookReader) => Promise<void>,
): Promise<void> {
  await check(read);
  await new TransactionManager(factory).execute(check, { readOnly: true });
}

/** Expects the promise to be rejected with a BlotterError of this code, and with these fields. */
export async function expectError(
  promise: Promise<unknown>,
  code: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await expect(promise).rejects.toMatchObject({ code, ...fields });
}

type List<Item> = (page?: PageRequest) => Promise<Page<Item>>;

/**
 * Expects the list to have these items in this order, oldest first, and to say so in one page, page by page and backwards;
 * and to refuse limits and cursors that are none.
 */
export async function expectList<Item>(list: List<Item>, expected: readonly Item[]): Promise<void> {
  await expectPages(list, expected);
  for (const limit of [0, -1, 1.5, Number.NaN, MAX_PAGE_LIMIT + 1]) await expectError(list({ limit }), 'INVALID_PAGE');
  for (const text of ['', 'rubbish', '~', 'rubbish~rubbish', 'a~b~c', "1' or '1'='1"]) {
    await expectError(list({ after: text as Cursor }), 'INVALID_PAGE');
  }
}

async function expectPages<Item>(list: List<Item>, expected: readonly Item[]): Promise<void> {
  expect((await list()).items).toEqual(expected);
  const backwards = [...expected].reverse();
  for (const limit of [1, 2, MAX_PAGE_LIMIT]) {
    expect(await walk(list, { limit }, expected.length)).toEqual(expected);
    expect(await walk(list, { limit, newestFirst: true }, expected.length)).toEqual(backwards);
  }
  if (expected.length > 0) {
    const exact = await list({ limit: expected.length });
    expect(exact.next, 'a page that ends with the last item').toBeUndefined();
  }
}

/** All pages; of a list that goes round in circles, enough to show it. */
async function walk<Item>(
  list: List<Item>,
  request: PageRequest & { readonly limit: number },
  expectedLength: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: Cursor | undefined;
  do {
    const page = await list({ ...request, after });
    expect(page.items.length).toBeLessThanOrEqual(request.limit);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined && items.length <= expectedLength);
  return items;
}

/** In the order of the time, then of the id, as lists are. */
export function sortedByTime<Item extends { readonly id: string }>(
  items: readonly Item[],
  timeOf: (item: Item) => string,
): Item[] {
  const key = (item: Item) => timeOf(item) + item.id;
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Long enough for an answer, short enough for a test. What is still waiting then, waits for a lock. */
export const A_WHILE_MS = 60;

/** Whether the promise is settled before the time is over. What waits for a lock is not. */
export async function isSettledWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, milliseconds, false));
  return Promise.race([settled, late]);
}
