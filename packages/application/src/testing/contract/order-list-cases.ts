import { Multiplier, ORDER_STATUSES, Ticker, type NewOrder, type Order, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import { DEFAULT_PAGE_LIMIT } from '../../paging/page.js';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError, expectList, readBothWays, sortedByTime, transact } from './expectations.js';
import { ordersInEveryStatus } from './order-samples.js';
import { afterNoon, anyOrder, anyPortfolio } from './samples.js';

const [AAPL, MSFT] = [Ticker.of('AAPL'), Ticker.of('MSFT')];

/** Times that a sort by milliseconds, or by time alone, would mix up. */
const TIMES = [afterNoon(0), afterNoon(0), afterNoon(1), afterNoon(1), afterNoon(2), afterNoon(1_000)];

export const orderListCases: ContractCase[] = [
  {
    name: 'lists the active orders of a portfolio by time of creation, then by id',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, ordersInEveryStatus);
      const active = sorted(orders.filter(({ isActive }) => isActive));
      expect(active.length).toBeGreaterThan(2);
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.orders.listActive(portfolio.id, page), active),
      );
    },
  },
  {
    name: 'finds the first active order in a symbol that has another multiplier',
    async run(harness) {
      const [one, fifty] = [Multiplier.one, Multiplier.of(50)];
      const { portfolio, orders } = await stored(harness, (of) => [
        ...ordersInEveryStatus(of),
        ...atTimes(of, { multiplier: fifty }).map((order) => order.cancel(afterNoon(9))),
        anyOrder(of, { symbol: MSFT, multiplier: Multiplier.of('0.1') }),
      ]);
      const active = sorted(orders.filter((order) => order.isActive && order.symbol === AAPL));
      await readBothWays(harness, async (reader) => {
        const find = (symbol: Ticker, multiplier: Multiplier) =>
          reader.orders.findActiveWithOtherMultiplier(portfolio.id, symbol, multiplier);
        expect(await find(AAPL, one)).toBeUndefined();
        expect(await find(AAPL, fifty)).toEqual(active[0]);
        expect(await find(MSFT, Multiplier.of('0.10'))).toBeUndefined();
        expect(await find(MSFT, one)).toMatchObject({ symbol: MSFT });
        expect(await find(Ticker.of('NONE'), one)).toBeUndefined();
      });
    },
  },
  {
    name: 'lists the orders of a portfolio in one symbol',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, (one) => atTimes(one, { symbol: MSFT }));
      await transact(harness, (unit) => unit.orders.save(anyOrder(portfolio, { symbol: AAPL })));
      await readBothWays(harness, (reader) =>
        expectList((page) => reader.orders.listBySymbol(portfolio.id, MSFT, page), sorted(orders)),
      );
    },
  },
  {
    name: 'lists the orders of a portfolio of each status',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, (one) => [...ordersInEveryStatus(one), ...atTimes(one)]);
      await readBothWays(harness, async (reader) => {
        for (const status of ORDER_STATUSES) {
          const expected = sorted(orders.filter((order) => order.status === status));
          expect(expected.length).toBeGreaterThan(0);
          await expectList((page) => reader.orders.listByStatus(portfolio.id, status, page), expected);
        }
      });
    },
  },
  {
    name: 'lists the orders created between two moments, both of them included, to the microsecond',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, atTimes);
      const [from, to] = [afterNoon(1), afterNoon(2)];
      const expected = sorted(orders.filter(({ createdAt }) => createdAt >= from && createdAt <= to));
      expect(expected).toHaveLength(3);
      await readBothWays(harness, async (reader) => {
        await expectList((page) => reader.orders.listCreatedBetween(portfolio.id, from, to, page), expected);
        await expectList((page) => reader.orders.listCreatedBetween(portfolio.id, to, from, page), []);
      });
    },
  },
  {
    name: 'lists 100 orders unless said otherwise, and says where to go on',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, (one) =>
        Array.from({ length: DEFAULT_PAGE_LIMIT + 1 }, () => anyOrder(one)),
      );
      const first = await harness.read.orders.listActive(portfolio.id);
      expect(first.items).toEqual(sorted(orders).slice(0, DEFAULT_PAGE_LIMIT));
      const second = await harness.read.orders.listActive(portfolio.id, { after: first.next });
      expect(second).toEqual({ items: sorted(orders).slice(DEFAULT_PAGE_LIMIT), next: undefined });
    },
  },
  {
    name: 'goes on behind the last order seen, whatever was stored in the meantime',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, atTimes);
      const all = sorted(orders);
      const first = await harness.read.orders.listActive(portfolio.id, { limit: 3 });
      const late = await transact(harness, (unit) =>
        unit.orders.save(anyOrder(portfolio, { createdAt: afterNoon(999_999) })),
      );
      const rest = await harness.read.orders.listActive(portfolio.id, { after: first.next });
      expect(rest.items).toEqual([...all.slice(3), late]);
    },
  },
  {
    name: 'leaves a unit of work active when a page is refused',
    async run(harness) {
      const { portfolio } = await stored(harness, atTimes);
      await transact(harness, async (unit) => {
        await expectError(unit.orders.listActive(portfolio.id, { limit: 0 }), 'INVALID_PAGE');
        expect(unit.isActive).toBe(true);
      });
    },
  },
];

function atTimes(portfolio: Portfolio, changes: Partial<NewOrder> = {}): Order[] {
  return TIMES.map((createdAt) => anyOrder(portfolio, { ...changes, createdAt }));
}

/** Orders of a new portfolio; and the same of another one, which must not show. */
async function stored(
  harness: BookHarness,
  make: (portfolio: Portfolio) => Order[],
): Promise<{ portfolio: Portfolio; orders: Order[] }> {
  const [portfolio, other] = [anyPortfolio(), anyPortfolio()];
  return transact(harness, (unit) => {
    unit.portfolios.save(portfolio);
    unit.portfolios.save(other);
    for (const order of make(other)) unit.orders.save(order);
    return { portfolio, orders: make(portfolio).map((order) => unit.orders.save(order)) };
  });
}

function sorted(orders: readonly Order[]): Order[] {
  return sortedByTime(orders, ({ createdAt }) => createdAt);
}
