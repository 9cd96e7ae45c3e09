import { BrokerOrderId, ClientOrderId, OrderId, Quantity, Tags, type Order, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import type { BookHarness, ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { ordersOfEveryShape } from './order-samples.js';
import { afterNoon, anyExecution, anyOrder, anyPortfolio, NOON, randomId } from './samples.js';

/** Few enough for one statement, and more than one is for each. */
const SOME = 50;
/** So many that every adapter takes its way of writing many, changes too. */
const MANY = 1_100;

export const orderBulkCases: ContractCase[] = [
  {
    name: 'stores many orders, new and changed ones mixed, exactly as they were given, each at its next version',
    async run(harness) {
      const { portfolio, orders } = await stored(harness);
      const changed = orders.map((order, index) => order.submit(BrokerOrderId.of(`broker-${index}`), afterNoon(index)));
      const shapes = ordersOfEveryShape(portfolio);
      const added = [...shapes, ...newOrders(portfolio), awkward(portfolio)];
      const mixed = interleaved(changed, added);
      const saved = await transact(harness, (unit) => unit.orders.saveMany(mixed));
      expect(saved.map(({ id, version }) => [id, version])).toEqual(mixed.map(({ id, version }) => [id, version + 1]));
      expect(await read(harness, saved)).toEqual(saved);
    },
  },
  {
    name: 'lets a unit read what it saved in bulk, before and after it is sent, and change it again',
    async run(harness) {
      const portfolio = anyPortfolio();
      const [first, again] = await transact(harness, async (unit) => {
        unit.portfolios.save(portfolio);
        const orders = unit.orders.saveMany(newOrders(portfolio));
        const [one] = orders;
        if (!one) throw new Error('There is no order.');
        // Two reads at once: the second is sent behind the first, and sees the same.
        const [found, sameAgain] = await Promise.all([unit.orders.get(one.id), unit.orders.get(one.id)]);
        expect([found, sameAgain]).toEqual([one, one]);
        const cancelled = unit.orders.saveMany(orders.map((order) => order.cancel(NOON)));
        return [one, orderAt(unit.orders.saveMany(cancelled), 0)] as const;
      });
      expect(again).toMatchObject({ id: first.id, version: 3, status: 'CANCELLED' });
      expect(await harness.read.orders.get(again.id)).toEqual(again);
    },
  },
  {
    name: 'stores none of some or many orders when one was changed since, and names it',
    async run(harness) {
      for (const count of [SOME, MANY]) {
        const { orders } = await stored(harness, count);
        const stale = orderAt(orders, count - 17);
        await transact(harness, (unit) => unit.orders.save(stale.submit(BrokerOrderId.of('broker-1'), NOON)));
        const saving = transact(harness, (unit) => unit.orders.saveMany(orders.map((order) => order.cancel(NOON))));
        await expectError(saving, 'CONCURRENCY', { entity: 'order', id: stale.id });
        const first = orderAt(orders, 0);
        expect(await harness.read.orders.get(first.id)).toEqual(first);
      }
    },
  },
  {
    name: 'stores none of some or many orders when the id, a client or a broker order id is taken, and names the order',
    async run(harness) {
      for (const count of [SOME, MANY]) {
        const { portfolio, orders } = await stored(harness, count);
        const taken = orderAt(orders, 5);
        await transact(harness, (unit) => unit.orders.save(taken.submit(BrokerOrderId.of('broker, (1)'), NOON)));
        const refused = async (many: readonly Order[], id: OrderId, key: string) => {
          const saving = transact(harness, (unit) => unit.orders.saveMany(many));
          await expectError(saving, 'DUPLICATE', { entity: 'order', id, key, repeatable: false });
        };
        const added = newOrders(portfolio, count);
        await refused([...added, anyOrder(portfolio, { id: taken.id })], taken.id, 'order id');
        const sameClientId = anyOrder(portfolio, { clientOrderId: taken.clientOrderId });
        await refused([sameClientId, ...added], sameClientId.id, 'client order id');
        const others = orders.filter(({ id }) => id !== taken.id);
        const sameBrokerId = orderAt(others, count - 17);
        const submitted = others.map((order, index) =>
          order.submit(BrokerOrderId.of(order === sameBrokerId ? 'broker, (1)' : `other-${index}`), NOON),
        );
        await refused(submitted, sameBrokerId.id, 'broker order id');
      }
    },
  },
  {
    name: 'stores none of many orders when one is of a portfolio that is not there, and names it',
    async run(harness) {
      const { portfolio } = await stored(harness);
      const homeless = anyOrder(anyPortfolio());
      const many = newOrders(portfolio);
      const saving = transact(harness, (unit) => unit.orders.saveMany([...many, homeless]));
      await expectError(saving, 'INTEGRITY', { entity: 'order', id: homeless.id });
      const [first] = many;
      expect(first && (await harness.read.orders.find(first.id))).toBeUndefined();
    },
  },
  {
    name: 'undoes many orders with their savepoint, and goes on',
    async run(harness) {
      const portfolio = anyPortfolio();
      const [kept, undone] = [newOrders(portfolio), newOrders(portfolio)];
      await transact(harness, async (unit) => {
        unit.portfolios.save(portfolio);
        const failing = unit.savepoint(async (inner) => {
          inner.orders.saveMany([...undone, anyOrder(anyPortfolio())]);
          await inner.flush();
        });
        await expectError(failing, 'INTEGRITY');
        unit.orders.saveMany(unit.orders.saveMany(kept).map((order) => order.cancel(NOON)));
      });
      const [first, never] = [orderAt(kept, 0), orderAt(undone, 0)];
      expect(await harness.read.orders.get(first.id)).toMatchObject({ status: 'CANCELLED', version: 2 });
      expect(await harness.read.orders.find(never.id)).toBeUndefined();
    },
  },
  {
    name: 'stores many executions with the orders that they fill',
    async run(harness) {
      const portfolio = anyPortfolio();
      const orders = newOrders(portfolio);
      const executions = orders.map((order, index) => anyExecution(order, { sequence: index + 1 }));
      await transact(harness, (unit) => {
        unit.portfolios.save(portfolio);
        for (const execution of executions) unit.executions.add(execution);
        unit.orders.saveMany(orders);
      });
      const last = executions.at(-1);
      expect(last && (await harness.read.executions.find(last.id))).toEqual(last);
      const homeless = anyOrder(portfolio);
      const lost = anyExecution(homeless, { sequence: MANY + 1 });
      const adding = transact(harness, (unit) => {
        const others = orders.map((order, index) => anyExecution(order, { sequence: MANY + 2 + index }));
        for (const execution of [...others, lost]) unit.executions.add(execution);
      });
      await expectError(adding, 'INTEGRITY', { entity: 'execution', id: lost.id });
    },
  },
];

/** A portfolio with many pending orders. */
async function stored(harness: BookHarness, count = MANY): Promise<{ portfolio: Portfolio; orders: readonly Order[] }> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    return { portfolio, orders: unit.orders.saveMany(newOrders(portfolio, count)) };
  });
}

function newOrders(portfolio: Portfolio, count = MANY): Order[] {
  return Array.from({ length: count }, (_, index) =>
    anyOrder(portfolio, { quantity: Quantity.of(index + 1), createdAt: afterNoon(index) }),
  );
}

/** Everything that a format with separators could take for one of its own. */
function awkward(portfolio: Portfolio): Order {
  const text = String.raw`\N \. \\ \t tab"quote",'é✓'`;
  return anyOrder(portfolio, {
    id: OrderId.of(randomId()),
    clientOrderId: ClientOrderId.of(`${text} ${randomId().slice(0, 8)}`),
    tags: Tags.of({ [text]: `${text}\t\r\n\u2028` }),
  });
}

async function read(harness: BookHarness, orders: readonly Order[]): Promise<Order[]> {
  return Promise.all(orders.map(({ id }) => harness.read.orders.get(id)));
}

function interleaved<Item>(one: readonly Item[], other: readonly Item[]): Item[] {
  const longest = Math.max(one.length, other.length);
  return Array.from({ length: longest }, (_, index) => [
    ...one.slice(index, index + 1),
    ...other.slice(index, index + 1),
  ]).flat();
}

function orderAt(orders: readonly Order[], index: number): Order {
  const order = orders[index];
  if (!order) throw new Error('There is no such order.');
  return order;
}
