import {
  BrokerOrderId,
  ClientOrderId,
  OrderId,
  PortfolioId,
  Quantity,
  Ticker,
  type Order,
  type Portfolio,
} from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, readBothWays, transact } from './expectations.js';
import { orderBulkCases } from './order-bulk-cases.js';
import { ordersOfEveryShape } from './order-samples.js';
import { orderListCases } from './order-list-cases.js';
import { anyExecution, anyOrder, anyPortfolio, NOON, randomId } from './samples.js';

/** What every OrderRepository does. */
export function orderRepositoryContract(makeHarness: MakeHarness, name = 'OrderRepository'): void {
  describeContract(name, orderRepositoryCases(), makeHarness);
}

export function orderRepositoryCases(): ContractCase[] {
  return [...roundTripCases, ...keyCases, ...changeCases, ...orderBulkCases, ...orderListCases];
}

const roundTripCases: ContractCase[] = [
  {
    name: 'gives back every kind of order exactly as it was saved, at version 1',
    async run(harness) {
      const [portfolio, orders] = [anyPortfolio(), [] as Order[]];
      await transact(harness, (unit) => {
        unit.portfolios.save(portfolio);
        for (const order of ordersOfEveryShape(portfolio)) orders.push(unit.orders.save(order));
      });
      await readBothWays(harness, async (reader) => {
        for (const order of orders) expect(await reader.orders.get(order.id)).toEqual(order);
      });
      expect(orders.every(({ version }) => version === 1)).toBe(true);
    },
  },
  {
    name: 'says undefined or NotFoundError for an order that is not there',
    async run(harness) {
      const [id, portfolioId] = [OrderId.of(randomId()), PortfolioId.of(randomId())];
      await readBothWays(harness, async ({ orders }) => {
        expect(await orders.find(id)).toBeUndefined();
        expect(await orders.findByClientOrderId(portfolioId, ClientOrderId.of('none'))).toBeUndefined();
        expect(await orders.findByBrokerOrderId(portfolioId, BrokerOrderId.of('none'))).toBeUndefined();
        await expectError(orders.get(id), 'NOT_FOUND', { entity: 'order', id });
      });
      const locking = transact(harness, (unit) => unit.orders.getForUpdate(id));
      await expectError(locking, 'NOT_FOUND', { entity: 'order', id });
    },
  },
  {
    name: 'finds an order by the client’s and by the broker’s id within its portfolio',
    async run(harness) {
      const [one, other] = [anyPortfolio(), anyPortfolio()];
      const clientOrderId = ClientOrderId.of('client-1');
      const brokerOrderId = BrokerOrderId.of('broker-1');
      const [mine, theirs] = await transact(harness, (unit) =>
        [one, other].map((portfolio) => {
          unit.portfolios.save(portfolio);
          return unit.orders.save(anyOrder(portfolio, { clientOrderId }).submit(brokerOrderId, NOON));
        }),
      );
      await readBothWays(harness, async ({ orders }) => {
        expect(await orders.findByClientOrderId(one.id, clientOrderId)).toEqual(mine);
        expect(await orders.findByBrokerOrderId(other.id, brokerOrderId)).toEqual(theirs);
      });
    },
  },
];

const keyCases: ContractCase[] = [
  {
    name: 'refuses a second order under an id, a client order id or a broker order id of the portfolio',
    async run(harness) {
      const { portfolio, order } = await placed(harness);
      const refused = async (second: Order, key: string) => {
        const saving = transact(harness, (unit) => unit.orders.save(second));
        await expectError(saving, 'DUPLICATE', { entity: 'order', id: second.id, key, repeatable: false });
      };
      const { id, clientOrderId } = order;
      await refused(anyOrder(portfolio, { id }), 'order id');
      await refused(anyOrder(portfolio, { clientOrderId }), 'client order id');
      await refused(anyOrder(portfolio).submit(BrokerOrderId.of('broker-1'), NOON), 'broker order id');
    },
  },
  {
    name: 'refuses a broker order id that an update gives to a second order',
    async run(harness) {
      const { portfolio } = await placed(harness);
      const second = await transact(harness, (unit) => unit.orders.save(anyOrder(portfolio)));
      const submitting = transact(harness, (unit) =>
        unit.orders.save(second.submit(BrokerOrderId.of('broker-1'), NOON)),
      );
      await expectError(submitting, 'DUPLICATE', { entity: 'order', id: second.id, key: 'broker order id' });
    },
  },
  {
    name: 'refuses an order of a portfolio that is not there',
    async run(harness) {
      const saving = transact(harness, (unit) => unit.orders.save(anyOrder(anyPortfolio())));
      await expectError(saving, 'INTEGRITY');
    },
  },
];

const changeCases: ContractCase[] = [
  {
    name: 'stores each change under the next version',
    async run(harness) {
      const { order } = await placed(harness);
      const cancelled = await transact(harness, async (unit) => {
        const locked = await unit.orders.getForUpdate(order.id);
        expect(locked).toEqual(order);
        return unit.orders.save(locked.cancel(NOON, 'changed my mind'));
      });
      expect(cancelled.version).toBe(2);
      expect(await harness.read.orders.get(order.id)).toEqual(cancelled);
    },
  },
  {
    name: 'refuses a change of an order that was changed since, naming it',
    async run(harness) {
      const { order } = await placed(harness);
      const cancelled = await transact(harness, (unit) => unit.orders.save(order.cancel(NOON)));
      const stale = transact(harness, (unit) => unit.orders.save(order.expire(NOON)));
      await expectError(stale, 'CONCURRENCY', { entity: 'order', id: order.id });
      expect(await harness.read.orders.get(order.id)).toEqual(cancelled);
    },
  },
  {
    name: 'removes an order without executions, and refuses to change or remove it again',
    async run(harness) {
      const { order } = await placed(harness);
      await transact(harness, (unit) => {
        unit.orders.remove(order);
      });
      expect(await harness.read.orders.find(order.id)).toBeUndefined();
      const changing = transact(harness, (unit) => unit.orders.save(order.cancel(NOON)));
      await expectError(changing, 'CONCURRENCY', { entity: 'order', id: order.id });
      const removing = transact(harness, (unit) => {
        unit.orders.remove(order);
      });
      await expectError(removing, 'CONCURRENCY', { entity: 'order', id: order.id });
    },
  },
  {
    name: 'refuses to remove an order that has executions, or was changed since',
    async run(harness) {
      const { portfolio } = await placed(harness);
      const filled = await transact(harness, (unit) => {
        const order = anyOrder(portfolio, { symbol: Ticker.of('MSFT'), quantity: Quantity.of(1) });
        const execution = anyExecution(order);
        unit.executions.add(execution);
        return unit.orders.save(order.fill(execution));
      });
      const removing = transact(harness, (unit) => {
        unit.orders.remove(filled);
      });
      await expectError(removing, 'INTEGRITY');
      const stale = transact(harness, (unit) => {
        unit.orders.remove(filled.atVersion(7));
      });
      await expectError(stale, 'CONCURRENCY', { entity: 'order', id: filled.id });
      expect(await harness.read.orders.get(filled.id)).toEqual(filled);
    },
  },
];

/** A portfolio with one order, which the broker knows as broker-1. */
async function placed(harness: BookHarness): Promise<{ portfolio: Portfolio; order: Order }> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    return { portfolio, order: unit.orders.save(anyOrder(portfolio).submit(BrokerOrderId.of('broker-1'), NOON)) };
  });
}
