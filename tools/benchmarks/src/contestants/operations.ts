import { Decimal } from 'decimal.js';
import { newFill, newOrder, scatter, submitted } from '../book/inputs.js';
import { ACTIVE, FILLING, orderId, portfolioId, quantity, SNAPSHOTS } from '../book/layout.js';
import type { OrderSeen, Work } from './contestant.js';
import type { Round } from './protocol.js';

export type OperationName = keyof Work;

/** One piece of the work, and how many operations it was. */
export type Piece = () => Promise<number> | number;

const PAGE = 100;
const STREAM_BATCH = 1_000;
/** Orders between two looks at the clock: one alone takes little longer than the look. */
const LIVES = 100;

/**
 * What each piece of the work is. Before the clock starts it makes its input, and looks once at what is read: the book is known,
 * so whoever loses a row or a digit is found.
 */
export const OPERATIONS: Readonly<Record<OperationName, (book: Work, round: Round) => Promise<Piece> | Piece>> = {
  async findOrder(book, { orders }) {
    const seen = await book.findOrder(orderId(orders));
    expectExact([seen], [orders]);
    const next = scatter(orders);
    return () => once(book.findOrder(orderId(next() + 1)));
  },
  async activeOrders(book, { portfolios }) {
    expectCount(await book.activeOrders(portfolioId(1)), ACTIVE);
    const next = scatter(portfolios);
    return () => once(book.activeOrders(portfolioId(next() + 1)));
  },
  async ordersPage(book, { pageStart }) {
    const page = await book.ordersPage(portfolioId(1), pageStart);
    const first = pageStart === undefined ? 1 : Number(pageStart.id.slice(-12)) + 1;
    expectCount(page, PAGE);
    expectExact([page.at(-1)], [first + PAGE - 1]);
    return () => once(book.ordersPage(portfolioId(1), pageStart));
  },
  async portfolioWithPositions(book, { portfolios }) {
    expectCount((await book.portfolioWithPositions(portfolioId(1))).positions, FILLING);
    const next = scatter(portfolios);
    return () => once(book.portfolioWithPositions(portfolioId(next() + 1)));
  },
  async snapshots(book) {
    expectCount(await book.snapshots(portfolioId(1)), SNAPSHOTS);
    return () => once(book.snapshots(portfolioId(1)));
  },
  streamOrders:
    (book, { orders }) =>
    async () => {
      const count = await book.streamOrders(STREAM_BATCH);
      if (count !== orders) throw new Error(`It read ${count} orders instead of ${orders}.`);
      return count;
    },
  addOrder: (book) => () => once(book.addOrder(newOrder())),
  addOrderGrouped: (book) => () => once(book.addOrderGrouped(newOrder())),
  recordFill:
    (book, { orders, portfolios }) =>
    () =>
      once(book.recordFill(newFill(orders, portfolios))),
  recordFillGrouped:
    (book, { orders, portfolios }) =>
    () =>
      once(book.recordFillGrouped(newFill(orders, portfolios))),
  saveOrders(book, { amount }) {
    const send = book.saveOrders(Array.from({ length: amount }, newOrder));
    return () => all(send(), amount);
  },
  async upsertOrders(book, { amount }) {
    const orders = Array.from({ length: amount }, newOrder);
    const stored = orders.filter((_, index) => index % 2 === 0);
    await book.saveOrders(stored)();
    const send = book.upsertOrders(orders.map((order, index) => submitted(order, index % 2 === 0 ? 1 : 0)));
    return () => all(send(), amount);
  },
  recordFills(book, { orders, portfolios, amount }) {
    const send = book.recordFills(Array.from({ length: amount }, () => newFill(orders, portfolios)));
    return () => all(send(), amount);
  },
  liveThroughOrder: (book) => () => {
    for (let life = 0; life < LIVES; life += 1) book.liveThroughOrder();
    return LIVES;
  },
};

async function once(work: Promise<unknown>): Promise<number> {
  await work;
  return 1;
}

async function all(work: Promise<unknown>, amount: number): Promise<number> {
  await work;
  return amount;
}

function expectCount(seen: readonly unknown[], count: number): void {
  if (seen.length !== count) throw new Error(`It read ${seen.length} rows instead of ${count}.`);
}

/** A quantity that went through a float lacks its last digits. */
function expectExact(seen: readonly (OrderSeen | undefined)[], numbers: readonly number[]): void {
  for (const [index, number] of numbers.entries()) {
    const order = seen[index];
    const exact = order?.id === orderId(number) && new Decimal(String(order.quantity)).equals(quantity(number));
    if (!exact) {
      throw new Error(
        `It read ${order?.id} with ${String(order?.quantity)} instead of ${orderId(number)} with ${quantity(number)}.`,
      );
    }
  }
}
