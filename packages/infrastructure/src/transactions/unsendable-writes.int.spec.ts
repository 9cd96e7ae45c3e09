import type { TransactionOptions, UnitOfWork } from '@blotter/application';
import { Order, OrderId, type Execution } from '@blotter/domain';
import { anyExecutionOf, anyNewOrder, anyPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';

const SESSIONS = 2;

let book: TestBook;
beforeAll(async () => {
  book = await openTestBook({ maxPoolSize: SESSIONS, acquireTimeoutMs: 2_000 });
});
afterAll(() => book.drop());
beforeEach(async () => {
  await book.database.query('delete from portfolios');
});

/** What a program without types may register: a fact from which no statement can be made. */
const FORGERIES: readonly [string, (unit: UnitOfWork) => void][] = [
  ['has no price', registering({ price: undefined })],
  ['has no moment', registering({ recordedAt: undefined })],
  ['has a symbol of JavaScript for a venue', registering({ venue: Symbol('XNAS') })],
  [
    'is no object',
    (unit) => {
      unit.executions.add(undefined as never);
    },
  ],
];

function registering(forged: Readonly<Record<string, unknown>>): (unit: UnitOfWork) => void {
  return (unit) => {
    forge(unit, forged);
  };
}

function forge(unit: UnitOfWork, forged: Readonly<Record<string, unknown>>): void {
  unit.executions.add({ ...anyExecutionOf(anyOrder()), ...forged } as unknown as Execution);
}

function anyOrder(): Order {
  return Order.create(anyNewOrder({ id: OrderId.of(anyUuid()) }));
}

/** How far a unit has come when it is given the forgery. */
const BEGINNINGS: readonly [string, (unit: UnitOfWork) => Promise<unknown>][] = [
  ['that only writes', () => Promise.resolve()],
  ['that has read', (unit) => unit.portfolios.findCurrent()],
  ['that has written', (unit) => (unit.portfolios.save(anyPortfolio()), unit.flush())],
];
const OPTIONS: readonly [string, TransactionOptions][] = [
  ['', { timeoutMs: 60_000 }],
  [', serializable', { isolation: 'serializable' }],
  [', in a group', { group: true }],
];
/** With the writes that it sends. */
const ENDS: readonly [string, (unit: UnitOfWork) => Promise<unknown>][] = [
  ['a commit', (unit) => unit.commit()],
  ['a flush', (unit) => unit.flush()],
  ['a read', (unit) => unit.orders.find(OrderId.of(anyUuid()))],
];

describe.each(FORGERIES)('a fact that %s', (_, register) => {
  for (const [beginning, begin] of BEGINNINGS) {
    for (const [how, options] of OPTIONS) {
      for (const [end, send] of ENDS) {
        it(`fails ${end} of a unit ${beginning}${how}: nothing is written, and no session is left over`, async () => {
          for (let repetition = 0; repetition <= SESSIONS; repetition += 1) {
            const unit = book.database.begin(options);
            await begin(unit);
            unit.portfolios.save(anyPortfolio());
            register(unit);
            await expect(send(unit)).rejects.toMatchObject({ code: expect.any(String) as string });
            expect(unit.isActive).toBe(false);
            await expect(unit.commit()).rejects.toMatchObject({ code: 'TRANSACTION_NOT_ACTIVE' });
          }
          expect(book.database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
          expect(await book.database.query('select id from portfolios')).toEqual([]);
        });
      }
    }
  }
});

it('a fact that cannot be sent is undone with its savepoint, and the unit goes on', async () => {
  const [kept, undone] = [anyPortfolio(), anyPortfolio()];
  const unit = book.database.begin();
  unit.portfolios.save(kept);
  const inner = unit.savepoint(async (within) => {
    within.portfolios.save(undone);
    forge(within, { price: undefined });
    await within.flush();
  });
  await expect(inner).rejects.toMatchObject({ code: 'STATEMENT_REFUSED' });
  await unit.commit();
  expect(await book.database.query('select id from portfolios')).toEqual([{ id: kept.id }]);
});

it('a fact that is found out while a COPY is under way fails the commit, and nothing is written', async () => {
  for (let repetition = 0; repetition <= SESSIONS; repetition += 1) {
    const unit = book.database.begin();
    unit.portfolios.save(anyPortfolio());
    for (let fact = 0; fact < 400; fact += 1) forge(unit, fact === 200 ? { price: undefined } : {});
    await expect(unit.commit()).rejects.toMatchObject({ code: 'STATEMENT_REFUSED' });
    expect(unit.isActive).toBe(false);
  }
  expect(book.database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  expect(await book.database.query('select id from portfolios')).toEqual([]);
});

it('the turn of a unit that began with the basis of a fill is given back', async () => {
  const trader = await Trader.open(book, {}, '0');
  const order = await trader.place();
  for (let repetition = 0; repetition < 2; repetition += 1) {
    // The second waits for its turn, and would until this.
    const unit = book.database.begin({ timeoutMs: 5_000 });
    await unit.executions.getBasis({ ...anyReportOf(order), orderId: order.id });
    forge(unit, { price: undefined });
    await expect(unit.commit()).rejects.toMatchObject({ code: 'STATEMENT_REFUSED' });
  }
  expect(book.database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  await book.database.query('delete from orders');
});
