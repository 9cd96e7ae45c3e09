import {
  BrokerExecutionId,
  ClientOrderId,
  ExecutionId,
  Multiplier,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
  type ExecutionReport,
} from '@blotter/domain';
import { expect } from 'vitest';
import { Blotter } from '../../blotter.js';
import type { PlaceOrder } from '../../orders/place-order.js';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { expectExactBook } from './recomputed-book.js';
import { randomId, randomTicker, usd } from './samples.js';
import { TradingDesk } from './trading-desk.js';

const at100 = OrderTerms.limit(Price.of(100));

export const groupCases: ContractCase[] = [
  {
    name: 'places many orders at once as one after the other: repetitions, keys and multipliers among them count',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const command = desk.order();
      const [first, again, other] = await desk.blotter.placeOrders([command, command, desk.order()]);
      expect(again).toEqual(first);
      expect(other).toMatchObject({ status: 'PENDING', version: 1 });
      expect(await harness.read.orders.get(command.id)).toEqual(first);
      const refused = async (second: Partial<PlaceOrder>, code: string, base: PlaceOrder) => {
        await expectError(desk.blotter.placeOrders([base, { ...desk.order(), ...second }]), code);
        expect(await harness.read.orders.find(base.id)).toBeUndefined();
      };
      const base = desk.order();
      await refused({ id: base.id }, 'COMMAND_CONFLICT', base);
      await refused({ clientOrderId: base.clientOrderId }, 'DUPLICATE', base);
      await refused({ clientOrderId: command.clientOrderId }, 'DUPLICATE', base);
      await refused({ multiplier: Multiplier.of(2) }, 'MULTIPLIER_MISMATCH', base);
      await refused({ portfolioId: PortfolioId.of(randomId()) }, 'NOT_FOUND', base);
      const fresh = desk.order({ symbol: randomTicker() });
      await refused({ multiplier: Multiplier.of(2), symbol: fresh.symbol }, 'MULTIPLIER_MISMATCH', fresh);
      expect((await harness.read.orders.listActive(desk.portfolioId)).items).toHaveLength(2);
    },
  },
  {
    name: 'judges each of many orders by those before it',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(2_500) });
      const orders = (count: number) => Array.from({ length: count }, () => desk.order({ terms: at100 }));
      await expectError(desk.blotter.placeOrders(orders(3)), 'LIMIT_BREACHED');
      expect(await desk.blotter.placeOrders(orders(2))).toHaveLength(2);
      await expectError(desk.blotter.placeOrder(desk.order({ terms: at100 })), 'LIMIT_BREACHED');
    },
  },
  {
    name: 'groups the executions of 64 tasks on one portfolio: each counts once, and each caller hears of its own',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place({ quantity: Quantity.of(1_000) });
      const blotter = new Blotter(harness.factory, { group: true });
      const taken = desk.report(order, { quantity: Quantity.of(1) });
      await blotter.recordExecution(taken);
      const again = (report: ExecutionReport) => ({ ...report, id: ExecutionId.of(randomId()) });
      const outcomeOf = (report: ExecutionReport) =>
        blotter.recordExecution(report).then(
          ({ alreadyRecorded }) => (alreadyRecorded ? 'repeated' : 'recorded'),
          (error: unknown) => (error as { readonly code: string }).code,
        );
      const task = async (number: number) => {
        const good = desk.report(order, { quantity: Quantity.of(1) });
        const reports = [
          good,
          again(good),
          { ...again(good), price: Price.of(99) },
          desk.report(order, { orderId: OrderId.of(randomId()) }),
          // Of this one the database is the judge: it fails the batch, and the others are not to pay for it.
          ...(number % 16 === 0
            ? [{ ...again(good), id: taken.id, brokerExecutionId: BrokerExecutionId.of(randomId()) }]
            : []),
        ];
        const outcomes: string[] = [];
        for (const report of reports) outcomes.push(await outcomeOf(report));
        return outcomes;
      };
      const outcomes = await Promise.all(Array.from({ length: 64 }, (_, number) => task(number)));
      for (const [number, each] of outcomes.entries()) {
        const own = ['recorded', 'repeated', 'EXECUTION_CONFLICT', 'NOT_FOUND'];
        expect(each).toEqual(number % 16 === 0 ? [...own, 'DUPLICATE'] : own);
      }
      expect(await harness.read.orders.get(order.id)).toMatchObject({ filledQuantity: Quantity.of(65) });
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'groups orders: no more are placed than the limits let pass, and each caller hears of its own',
    async run(harness) {
      const desk = await TradingDesk.open(harness, { maxPositionValue: usd(5_000) });
      const other = await TradingDesk.open(harness);
      const blotter = new Blotter(harness.factory, { group: true });
      const commands = Array.from({ length: 16 }, () => [desk.order({ terms: at100 }), other.order()]).flat();
      const same = { ...other.order(), clientOrderId: ClientOrderId.of(commands[1]?.clientOrderId ?? '') };
      const outcomes = await Promise.allSettled([...commands, same].map((command) => blotter.placeOrder(command)));
      const codes = outcomes.map((outcome) =>
        outcome.status === 'fulfilled' ? 'placed' : (outcome.reason as { readonly code: string }).code,
      );
      expect(codes.filter((code) => code === 'LIMIT_BREACHED')).toHaveLength(11);
      expect(codes.filter((code) => code === 'DUPLICATE')).toHaveLength(1);
      expect((await harness.read.orders.listActive(desk.portfolioId)).items).toHaveLength(5);
      expect((await harness.read.orders.listActive(other.portfolioId)).items).toHaveLength(16);
    },
  },
];
