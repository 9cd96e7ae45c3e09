import {
  BrokerExecutionId,
  ExecutionId,
  Multiplier,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Venue,
  type Execution,
  type ExecutionKey,
  type ExecutionState,
  type Order,
  type Portfolio,
} from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, expectList, readBothWays, transact } from './expectations.js';
import { fillBasisCases } from './fill-basis-cases.js';
import { afterNoon, anyExecution, anyOrder, anyPortfolio, LONGEST, randomId, SMALLEST, usd } from './samples.js';

/** What every ExecutionRepository does. */
export function executionRepositoryContract(makeHarness: MakeHarness, name = 'ExecutionRepository'): void {
  describeContract(name, executionRepositoryCases(), makeHarness);
}

export function executionRepositoryCases(): ContractCase[] {
  return [...roundTripCases, ...fillBasisCases, ...refusalCases, ...listCases];
}

const roundTripCases: ContractCase[] = [
  {
    name: 'gives back every kind of execution exactly as it was added',
    async run(harness) {
      const { portfolio, order } = await ordered(harness);
      const executions = await transact(harness, (unit) => {
        const sell = anyOrder(portfolio, { side: 'SELL' });
        unit.orders.save(sell);
        const shapes: [Order, Partial<ExecutionState>][] = [
          [order, { executedAt: afterNoon(123_456), recordedAt: afterNoon(123_457) }],
          [sell, { commission: usd('-0.25'), venue: Venue.of('O\'Brien "X" é') }],
          [order, { quantity: Quantity.of(LONGEST), price: Price.of(SMALLEST), commission: usd(LONGEST) }],
          [order, { quantity: Quantity.of(SMALLEST), price: Price.of(LONGEST), commission: usd(SMALLEST) }],
          [order, { price: Price.of(0), multiplier: Multiplier.of('0.000000000000000001') }],
        ];
        const all = shapes.map(([of, changes], index) => anyExecution(of, { ...changes, sequence: index + 1 }));
        for (const execution of all) unit.executions.add(execution);
        return all;
      });
      await readBothWays(harness, async (reader) => {
        for (const execution of executions) {
          expect(await reader.executions.find(execution.id)).toEqual(execution);
          expect(await reader.executions.findByKey(execution)).toEqual(execution);
        }
      });
    },
  },
  {
    name: 'says undefined for an execution that is not there, and for a key that differs in any part',
    async run(harness) {
      const { order } = await ordered(harness);
      const execution = await add(harness, anyExecution(order));
      const others: Partial<ExecutionKey>[] = [
        { portfolioId: PortfolioId.of(randomId()) },
        { venue: Venue.of('XNYS') },
        { symbol: Ticker.of('MSFT') },
        { side: 'SELL' },
        { brokerExecutionId: BrokerExecutionId.of('another') },
      ];
      await readBothWays(harness, async ({ executions }) => {
        expect(await executions.find(ExecutionId.of(randomId()))).toBeUndefined();
        expect(await executions.findByKey(execution)).toEqual(execution);
        for (const other of others) expect(await executions.findByKey({ ...execution, ...other })).toBeUndefined();
      });
    },
  },
];

const refusalCases: ContractCase[] = [
  {
    name: 'counts a fill once: refuses the same broker execution again, and lets the work be repeated',
    async run(harness) {
      const { order } = await ordered(harness);
      const { brokerExecutionId } = await add(harness, anyExecution(order));
      const again = anyExecution(order, { brokerExecutionId, sequence: 2 });
      const fields = { entity: 'execution', id: again.id, key: 'execution key', repeatable: true };
      await expectError(add(harness, again), 'DUPLICATE', fields);
    },
  },
  {
    name: 'takes the same broker execution id from another venue and another portfolio',
    async run(harness) {
      const [{ order }, other] = [await ordered(harness), await ordered(harness)];
      const { brokerExecutionId } = await add(harness, anyExecution(order));
      await add(harness, anyExecution(order, { brokerExecutionId, venue: Venue.of('XNYS'), sequence: 2 }));
      await add(harness, anyExecution(other.order, { brokerExecutionId }));
    },
  },
  {
    name: 'refuses a second execution under an id or a place in the ledger',
    async run(harness) {
      const { order } = await ordered(harness);
      const { id } = await add(harness, anyExecution(order));
      const sameId = anyExecution(order, { id, sequence: 2 });
      await expectError(add(harness, sameId), 'DUPLICATE', { entity: 'execution', id, key: 'execution id' });
      const samePlace = anyExecution(order);
      const fields = { entity: 'execution', id: samePlace.id, key: 'execution sequence', repeatable: true };
      await expectError(add(harness, samePlace), 'DUPLICATE', fields);
    },
  },
  {
    name: 'refuses an execution of an order that is not there, or of another portfolio’s order, symbol or side',
    async run(harness) {
      const [{ portfolio, order }, other] = [await ordered(harness), await ordered(harness)];
      for (const changes of [
        { orderId: OrderId.of(randomId()) },
        { portfolioId: other.portfolio.id },
        { symbol: Ticker.of('MSFT') },
        { side: 'SELL' as const },
      ]) {
        await expectError(add(harness, anyExecution(order, changes)), 'INTEGRITY');
      }
      expect((await harness.read.executions.list(portfolio.id)).items).toEqual([]);
    },
  },
];

const listCases: ContractCase[] = [
  {
    name: 'lists the executions of a portfolio and of an order by sequence',
    async run(harness) {
      const { portfolio, order } = await ordered(harness);
      // Ten and two would change places in a sort by text.
      const sequences = [10, 2, 1, 11, 3];
      const executions = await transact(harness, (unit) => {
        const second = anyOrder(portfolio);
        unit.orders.save(second);
        return sequences.map((sequence) => {
          const execution = anyExecution(sequence === 3 ? second : order, { sequence });
          unit.executions.add(execution);
          return execution;
        });
      });
      const other = await ordered(harness);
      await add(harness, anyExecution(other.order));
      const sorted = [...executions].sort((a, b) => a.sequence - b.sequence);
      const ofOrder = sorted.filter(({ orderId }) => orderId === order.id);
      await readBothWays(harness, async (reader) => {
        await expectList((page) => reader.executions.list(portfolio.id, page), sorted);
        await expectList((page) => reader.executions.listByOrder(order.id, page), ofOrder);
      });
    },
  },
];

/** A portfolio with an order to buy. */
function ordered(harness: BookHarness): Promise<{ portfolio: Portfolio; order: Order }> {
  return transact(harness, (unit) => {
    const portfolio = unit.portfolios.save(anyPortfolio());
    return { portfolio, order: unit.orders.save(anyOrder(portfolio)) };
  });
}

function add(harness: BookHarness, execution: Execution): Promise<Execution> {
  return transact(harness, (unit) => {
    unit.executions.add(execution);
    return execution;
  });
}
