import { BrokerOrderId, Price, Quantity, type Position } from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError, transact } from './expectations.js';
import { anyExecution, anyOrder, anyPortfolio, anyPosition, closingFill, NOON, usd } from './samples.js';
import { changed, storedBook } from './stored-book.js';

const stale = expect.objectContaining({ code: 'CONCURRENCY' }) as Error;

export const visibilityCases: ContractCase[] = [
  {
    name: 'sees what it saved before a read, and nobody else does before the commit',
    async run({ factory, read }) {
      await using unit = factory.begin();
      const portfolio = unit.portfolios.save(anyPortfolio());
      const order = unit.orders.save(anyOrder(portfolio));
      expect(await unit.orders.get(order.id)).toEqual(order);
      expect((await unit.orders.listActive(portfolio.id)).items).toEqual([order]);
      expect(await unit.portfolios.findByName(portfolio.name)).toEqual(portfolio);
      expect(await read.portfolios.find(portfolio.id)).toBeUndefined();
      await using other = factory.begin();
      expect(await other.orders.find(order.id)).toBeUndefined();
      await unit.commit();
      expect(await other.orders.find(order.id)).toEqual(order);
    },
  },
  {
    name: 'sees what it changed and what it removed',
    async run(harness) {
      const { portfolio, order, position } = await storedBook(harness);
      await using unit = harness.factory.begin();
      const cancelled = unit.orders.save(order.cancel(NOON));
      unit.positions.remove(position);
      expect((await unit.orders.listActive(portfolio.id)).items).toEqual([]);
      expect(await unit.orders.get(order.id)).toEqual(cancelled);
      expect(await unit.positions.find(position.id)).toBeUndefined();
      expect(await unit.positions.findOpen(portfolio.id, position.symbol)).toBeUndefined();
      expect(await harness.read.positions.get(position.id)).toEqual(position);
    },
  },
];

const replacingCases: ContractCase[] = [
  {
    name: 'stores an order under the client’s and the broker’s id of one that is removed in the same unit',
    async run(harness) {
      const { portfolio, order } = await storedBook(harness);
      const brokerOrderId = BrokerOrderId.of('broker-1');
      const submitted = await transact(harness, (unit) => unit.orders.save(order.submit(brokerOrderId, NOON)));
      const { clientOrderId } = order;
      const next = await transact(harness, (unit) => {
        const saved = unit.orders.save(anyOrder(portfolio, { clientOrderId }).submit(brokerOrderId, NOON));
        unit.orders.remove(submitted);
        return saved;
      });
      expect((await harness.read.orders.listActive(portfolio.id)).items).toEqual([next]);
      expect(await harness.read.orders.findByClientOrderId(portfolio.id, clientOrderId)).toEqual(next);
      expect(await harness.read.orders.findByBrokerOrderId(portfolio.id, brokerOrderId)).toEqual(next);
    },
  },
  {
    name: 'opens a position in the symbol of one that is removed in the same unit',
    async run(harness) {
      const { portfolio, position } = await storedBook(harness);
      const next = await transact(harness, (unit) => {
        const saved = unit.positions.save(anyPosition(portfolio, { symbol: position.symbol }));
        unit.positions.remove(position);
        return saved;
      });
      const { items } = await harness.read.positions.listBySymbol(portfolio.id, position.symbol);
      expect(items).toEqual([next]);
      expect((await harness.read.positions.findOpen(portfolio.id, position.symbol))?.position).toEqual(next);
    },
  },
  {
    name: 'stores a portfolio under the name of one that was removed after the flush that removes it, and not before',
    async run(harness) {
      const old = await transact(harness, (unit) => unit.portfolios.save(anyPortfolio()));
      const next = anyPortfolio({ name: old.name });
      const atOnce = transact(harness, (unit) => {
        unit.portfolios.remove(old);
        unit.portfolios.save(next);
      });
      await expectError(atOnce, 'DUPLICATE', { entity: 'portfolio', id: next.id, key: 'portfolio name' });
      const saved = await transact(harness, async (unit) => {
        unit.portfolios.remove(old);
        await unit.flush();
        return unit.portfolios.save(next);
      });
      expect(await harness.read.portfolios.findByName(old.name)).toEqual(saved);
    },
  },
];

export const mergingCases: ContractCase[] = [
  {
    name: 'stores the last of several saves, whether they were sent apart or together',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      await using unit = harness.factory.begin();
      const once = unit.portfolios.save(changed(portfolio, 1));
      const twice = unit.portfolios.save(changed(once, 2));
      await unit.flush();
      const thrice = unit.portfolios.save(changed(twice, 3));
      expect([once.version, twice.version, thrice.version]).toEqual([2, 3, 4]);
      await unit.commit();
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(thrice);
    },
  },
  {
    name: 'sends an entity that was saved twice once, in its last state',
    async run(harness) {
      const { portfolio, position } = await storedBook(harness);
      await transact(harness, (unit) => {
        // Sent twice, the first state would be a second open position in the symbol.
        const open = unit.positions.save(anyPosition(portfolio, { symbol: position.symbol }));
        return unit.positions.save(open.apply(closingFill));
      });
      const { items } = await harness.read.positions.listClosed(portfolio.id);
      expect(items).toMatchObject([{ version: 2 }]);
    },
  },
  {
    name: 'refuses at once a save that does not derive from the one before it, and stays active',
    async run(harness) {
      const { portfolio, order, position } = await storedBook(harness);
      const saved = await transact(harness, (unit) => {
        const next = unit.portfolios.save(changed(portfolio));
        expect(() => unit.portfolios.save(changed(portfolio, 9))).toThrow(stale);
        unit.orders.save(order.cancel(NOON));
        expect(() => unit.orders.save(order)).toThrow(stale);
        unit.positions.remove(position);
        expect(() => unit.positions.save(position)).toThrow(stale);
        expect(() => {
          unit.positions.remove(position);
        }).toThrow(stale);
        expect(unit.isActive).toBe(true);
        return next;
      });
      expect(await harness.read.portfolios.get(portfolio.id)).toEqual(saved);
    },
  },
  {
    name: 'stores nothing of what was saved for the first time and then removed',
    async run(harness) {
      const { portfolio } = await storedBook(harness);
      const [unsent, sent] = [anyOrder(portfolio), anyOrder(portfolio)];
      await transact(harness, async (unit) => {
        unit.orders.remove(unit.orders.save(unsent));
        const saved = unit.orders.save(sent);
        await unit.flush();
        unit.orders.remove(saved);
      });
      expect(await harness.read.orders.find(unsent.id)).toBeUndefined();
      expect(await harness.read.orders.find(sent.id)).toBeUndefined();
    },
  },
  {
    name: 'puts writes in an order that the book allows, however they were registered',
    async run(harness) {
      const portfolio = anyPortfolio();
      const order = anyOrder(portfolio);
      const execution = anyExecution(order);
      await transact(harness, (unit) => {
        unit.executions.add(execution);
        unit.positions.save(anyPosition(portfolio));
        unit.orders.save(order);
        unit.portfolios.save(portfolio);
      });
      expect(await harness.read.executions.find(execution.id)).toEqual(execution);
      const { portfolio: other, order: ordered, position } = await storedBook(harness);
      await transact(harness, (unit) => {
        unit.portfolios.remove(other);
        unit.orders.remove(ordered);
        unit.positions.remove(position);
      });
      expect(await harness.read.portfolios.find(other.id)).toBeUndefined();
    },
  },
  ...replacingCases,
  ...(['closing first', 'opening first'] as const).map((order): ContractCase => ({
    name: `closes a position and opens the next of its symbol in one unit, saved ${order}`,
    async run(harness) {
      const { portfolio, position } = await storedBook(harness);
      const closed = position.apply(closingFill);
      const fill = { quantity: Quantity.of(-5), notional: usd(-500), price: Price.of(100) };
      const next = anyPosition(portfolio, { symbol: position.symbol }, fill);
      const states: Position[] = order === 'closing first' ? [closed, next] : [next, closed];
      await transact(harness, (unit) => {
        for (const state of states) unit.positions.save(state);
      });
      const { positions } = harness.read;
      expect((await positions.findOpen(portfolio.id, position.symbol))?.position.id).toBe(next.id);
      expect((await positions.listClosed(portfolio.id)).items).toMatchObject([{ id: position.id, version: 2 }]);
    },
  })),
];
