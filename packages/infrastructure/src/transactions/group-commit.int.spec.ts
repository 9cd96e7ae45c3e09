import { AbortedError, AmbiguousCommitError, DuplicateError, TimeoutError } from '@blotter/application';
import { Order, type Portfolio } from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reasonOf } from '../../test/reason-of.js';
import { openTestBook, type TestBook } from '../../test/test-book.js';

const GROUPS_AT_ONCE = 4;

let book: TestBook;
let portfolio: Portfolio;

beforeAll(async () => {
  book = await openTestBook();
  portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
});
afterAll(() => book.drop());

const anyOrderOfIt = () =>
  Order.create({ ...anyNewOrder({ portfolioId: portfolio.id }), currency: portfolio.currency });

/** Another order of the same client order id. */
const clashing = ({ clientOrderId }: Order) =>
  Order.create({ ...anyNewOrder({ portfolioId: portfolio.id, clientOrderId }), currency: portfolio.currency });

const save = (order: Order, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  book.blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(order)), { group: true, ...options });

const transactions = () => book.database.statistics().transactions.committed;

describe('units that only write, and ask to be grouped', () => {
  test('are committed in few transactions when many come at once, and each is stored', async () => {
    const orders = Array.from({ length: 64 }, anyOrderOfIt);
    const before = transactions();
    const saved = await Promise.all(orders.map((order) => save(order)));
    expect(transactions() - before).toBeLessThanOrEqual(2);
    const stored = await Promise.all(saved.map(({ id }) => book.database.read.orders.get(id)));
    expect(stored).toEqual(saved);
  });

  test('have each an outcome of its own: what is refused of one is not refused of the others', async () => {
    const [first, second, third] = [anyOrderOfIt(), anyOrderOfIt(), anyOrderOfIt()];
    const again = clashing(second);
    const orders = [first, second, again, third];
    const outcomes = await Promise.allSettled(orders.map((order) => save(order)));
    // Committed side by side, either of the two that clash may be the faster one.
    const refused = outcomes.findIndex(({ status }) => status === 'rejected');
    expect([1, 2]).toContain(refused);
    const reason = (outcomes[refused] as PromiseRejectedResult).reason as unknown;
    expect(reason).toBeInstanceOf(DuplicateError);
    expect(reason).toMatchObject({ entity: 'order', id: orders[refused]?.id });
    // What each was told is what is stored.
    for (const [index, { id }] of orders.entries()) {
      const stored = await book.database.read.orders.find(id);
      const told = index === refused ? { status: 'rejected', reason } : { status: 'fulfilled', value: stored };
      expect(outcomes[index]).toEqual(told);
      expect(stored?.id).toBe(index === refused ? undefined : id);
    }
  });

  test('are grouped with changes of one and the same order: one of two is told of the conflict', async () => {
    const order = await save(anyOrderOfIt());
    const at = order.createdAt;
    const outcomes = await Promise.allSettled([save(order.cancel(at)), save(order.expire(at))]);
    const stored = await book.database.read.orders.get(order.id);
    const [kept, refused] = outcomes.sort((a, b) => a.status.localeCompare(b.status));
    expect(kept).toEqual({ status: 'fulfilled', value: stored });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'CONCURRENCY', id: order.id } });
  });

  test('wait for nobody’s lock when their group is refused of another: each is committed alone, side by side', async () => {
    const [taken, held, free] = [anyOrderOfIt(), anyOrderOfIt(), anyOrderOfIt()];
    await save(taken);
    await using blocker = book.database.begin();
    blocker.orders.save(clashing(held));
    await blocker.flush();
    // Sent by id, which are given in rising order, so that the one that is stored already ends the group before it meets the lock.
    const [waiting, refused, stored] = [save(held), reasonOf(save(taken)), save(free)];
    expect((await stored).version).toBe(1);
    expect(await refused).toMatchObject({ code: 'DUPLICATE', id: taken.id });
    expect((await save(anyOrderOfIt())).version).toBe(1);
    await blocker.rollback();
    expect((await waiting).version).toBe(1);
  });

  test('keep their own deadline and signal while the groups before them wait for locks', async () => {
    const orders = await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, () => save(anyOrderOfIt())));
    await using blocker = book.database.begin();
    for (const { id } of orders) await blocker.orders.getForUpdate(id);
    const blocked: Promise<Order>[] = [];
    // Each goes out at once, and the others wait for them.
    for (const order of orders) {
      blocked.push(save(order.cancel(order.createdAt)));
      await expect.poll(waits).toBe(blocked.length);
    }
    const controller = new AbortController();
    const [late, aborted, patient] = [
      reasonOf(save(anyOrderOfIt(), { timeoutMs: 20 })),
      reasonOf(save(anyOrderOfIt(), { signal: controller.signal })),
      save(anyOrderOfIt()),
    ];
    expect(await late).toBeInstanceOf(TimeoutError);
    controller.abort();
    expect(await aborted).toBeInstanceOf(AbortedError);
    await blocker.rollback();
    expect((await Promise.all(blocked)).map(({ status }) => status)).toEqual(orders.map(() => 'CANCELLED'));
    expect((await patient).version).toBe(1);
  });

  test('are told that nobody knows when their patience ends while their group is on the wire', async () => {
    const order = await save(anyOrderOfIt());
    await using blocker = book.database.begin();
    await blocker.orders.getForUpdate(order.id);
    const [reason, other] = [reasonOf(save(order.cancel(order.createdAt), { timeoutMs: 200 })), save(anyOrderOfIt())];
    expect(await reason).toBeInstanceOf(AmbiguousCommitError);
    await blocker.rollback();
    expect((await other).version).toBe(1);
  });
});

async function waits(): Promise<number> {
  const [row] = await book.database.query<{ count: string }>(
    `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return Number(row?.count);
}
