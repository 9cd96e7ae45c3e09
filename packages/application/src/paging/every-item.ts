import { MAX_PAGE_LIMIT, type Page, type PageRequest } from './page.js';

/**
 * Every item of a list, page by page, in constant memory.
 * @example for await (const order of everyItem((page) => orders.listActive(portfolioId, page))) …
 */
export async function* everyItem<Item>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  request: PageRequest = {},
): AsyncGenerator<Item, void, undefined> {
  let after = request.after;
  do {
    const page = await list({ ...request, limit: request.limit ?? MAX_PAGE_LIMIT, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
