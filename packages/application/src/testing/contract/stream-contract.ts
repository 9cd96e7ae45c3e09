import { Quantity, type Execution, type Order, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import type { BookReader, UnitOfWork } from '../../transactions/unit-of-work.js';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, readBothWays, sortedByTime, transact } from './expectations.js';
import { afterNoon, anyExecution, anyOrder, anyPortfolio } from './samples.js';

/** More than any adapter reads at once. */
const MANY = 2_345;

/** What every stream of orders and executions does. */
export function streamContract(makeHarness: MakeHarness, name = 'Streams'): void {
  describeContract(name, streamCases(), makeHarness);
}

export function streamCases(): ContractCase[] {
  return cases;
}

const cases: ContractCase[] = [
  {
    name: 'streams every order and execution of a portfolio in order, in a unit of work too',
    async run(harness) {
      const { portfolio, orders, executions } = await stored(harness, MANY);
      const sorted = sortedByTime(orders, ({ createdAt }) => createdAt);
      await readBothWays(harness, async (reader) => {
        expect(await all(reader.orders.stream(portfolio.id))).toEqual(sorted);
        expect(await all(reader.executions.stream(portfolio.id))).toEqual(executions);
        expect(await all(reader.orders.stream(anyPortfolio().id))).toEqual([]);
      });
    },
  },
  {
    name: 'streams those of all portfolios when none is named',
    async run(harness) {
      const [one, other] = [await stored(harness, 3), await stored(harness, 2)];
      await readBothWays(harness, async (reader) => {
        const ids = (await all(reader.orders.stream())).map(({ id }) => id);
        for (const { id } of [...one.orders, ...other.orders]) expect(ids).toContain(id);
        expect(new Set(ids).size).toBe(ids.length);
        const executions = await all(reader.executions.stream());
        expect(executions).toEqual(expect.arrayContaining([...one.executions, ...other.executions]));
      });
    },
  },
  {
    name: 'streams what was stored at one moment, whatever is stored meanwhile',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, MANY);
      let [seen, added] = [0, 0];
      for await (const order of harness.read.orders.stream(portfolio.id)) {
        expect(order.version).toBe(1);
        if (seen++ % 1_000 !== 500) continue;
        await transact(harness, (unit) => unit.orders.save(anyOrder(portfolio, { createdAt: afterNoon(999_999) })));
        added += 1;
      }
      expect(added).toBeGreaterThan(1);
      expect(seen).toBe(orders.length);
    },
  },
  {
    name: 'lets a loop over a stream write, stream within, and stop early, in one unit of work',
    async run(harness) {
      const { portfolio, orders } = await stored(harness, MANY);
      const cancelled = await transact(harness, async (unit) => {
        for await (const { id } of unit.orders.stream(portfolio.id)) {
          const again = await first(unit.orders.stream(portfolio.id));
          expect(again.id).toBe(id);
          return unit.orders.save(again.cancel(afterNoon(5)));
        }
        return undefined;
      });
      expect(cancelled && (await harness.read.orders.get(cancelled.id))).toEqual(cancelled);
      expect(cancelled?.id).toBe(sortedByTime(orders, ({ createdAt }) => createdAt)[0]?.id);
    },
  },
  {
    name: 'ends a stream with its unit of work',
    async run(harness) {
      const { portfolio } = await stored(harness, MANY);
      const unit: UnitOfWork = harness.factory.begin();
      const iterator = unit.orders.stream(portfolio.id)[Symbol.asyncIterator]();
      await iterator.next();
      await unit.commit();
      await expectError(all(unit.orders.stream(portfolio.id)), 'TRANSACTION_NOT_ACTIVE');
      await iterator.return?.();
    },
  },
];

/** A portfolio with so many orders, the later ones created earlier, and an execution of each. */
async function stored(
  harness: BookHarness,
  count: number,
): Promise<{ portfolio: Portfolio; orders: Order[]; executions: Execution[] }> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    const orders = Array.from({ length: count }, (_, index) =>
      anyOrder(portfolio, { quantity: Quantity.of(1), createdAt: afterNoon(Math.floor((count - index) / 2)) }),
    );
    const executions = orders.map((order, index) => anyExecution(order, { sequence: index + 1 }));
    for (const execution of executions) unit.executions.add(execution);
    return { portfolio, orders: unit.orders.saveMany(orders), executions };
  });
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function first(stream: ReturnType<BookReader['orders']['stream']>): Promise<Order> {
  for await (const order of stream) return order;
  throw new Error('The stream is empty.');
}
