import {
  BrokerOrderId,
  ClientOrderId,
  Order,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
} from '@blotter/domain';
import { expect } from 'vitest';
import type { ContractCase } from './contract-case.js';
import { expectError } from './expectations.js';
import { afterNoon, NOON, randomId } from './samples.js';
import { TradingDesk } from './trading-desk.js';

export const orderCases: ContractCase[] = [
  {
    name: 'places an order that is pending, in the currency of its portfolio',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const order = await desk.place({ terms: OrderTerms.limit(Price.of('99.5')), tags: { signal: 'breakout' } });
      expect(order).toMatchObject({ status: 'PENDING', currency: 'USD', version: 1, tags: { signal: 'breakout' } });
      expect(await harness.read.orders.get(order.id)).toEqual(order);
    },
  },
  {
    name: 'places an order once, however often the command comes, and returns it as it is now',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const command = desk.order();
      const placed = await Promise.all(Array.from({ length: 5 }, () => desk.blotter.placeOrder(command)));
      expect(new Set(placed.map(({ version }) => version))).toEqual(new Set([1]));
      const cancelled = await desk.blotter.cancelOrder({ orderId: command.id, at: NOON });
      expect(await desk.blotter.placeOrder(command)).toEqual(cancelled);
    },
  },
  {
    name: 'refuses an order under an id that stands for another order',
    async run(harness) {
      const [desk, other] = [await TradingDesk.open(harness), await TradingDesk.open(harness)];
      const command = desk.order({ terms: OrderTerms.limit(Price.of(10)) });
      await desk.blotter.placeOrder(command);
      for (const change of [
        { quantity: Quantity.of(11) },
        { side: 'SELL' as const },
        { terms: OrderTerms.limit(Price.of(11)) },
        { terms: OrderTerms.market },
        { symbol: other.symbol },
        { clientOrderId: ClientOrderId.of('another') },
        { timeInForce: 'GTC' as const },
        { portfolioId: other.portfolioId },
      ]) {
        const placing = desk.blotter.placeOrder({ ...command, ...change });
        await expectError(placing, 'COMMAND_CONFLICT', { entity: 'order', id: command.id });
      }
    },
  },
  {
    name: 'refuses a client order id that another order has, a quantity of nothing, and an unknown portfolio',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const { clientOrderId } = await desk.place();
      await expectError(desk.place({ clientOrderId }), 'DUPLICATE', { entity: 'order', key: 'client order id' });
      await expectError(desk.place({ quantity: Quantity.zero }), 'MUST_BE_POSITIVE');
      const portfolioId = PortfolioId.of(randomId());
      await expectError(desk.place({ portfolioId }), 'NOT_FOUND', { entity: 'portfolio', id: portfolioId });
    },
  },
  {
    name: 'marks an order submitted once, and refuses another broker’s id for it',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const { id: orderId } = await desk.place();
      const command = { orderId, brokerOrderId: BrokerOrderId.of('broker-1'), at: afterNoon(1) };
      const submitted = await desk.blotter.markSubmitted(command);
      expect(submitted).toMatchObject({ status: 'SUBMITTED', submittedAt: afterNoon(1), version: 2 });
      expect(await desk.blotter.markSubmitted({ ...command, at: afterNoon(2) })).toEqual(submitted);
      const other = { ...command, brokerOrderId: BrokerOrderId.of('broker-2') };
      await expectError(desk.blotter.markSubmitted(other), 'COMMAND_CONFLICT', { entity: 'order', id: orderId });
      const second = await desk.place();
      const stolen = desk.blotter.markSubmitted({ ...command, orderId: second.id });
      await expectError(stolen, 'DUPLICATE', { entity: 'order', id: second.id, key: 'broker order id' });
    },
  },
  ...(
    [
      ['cancelOrder', 'CANCELLED'],
      ['rejectOrder', 'REJECTED'],
      ['expireOrder', 'EXPIRED'],
    ] as const
  ).map(([close, status]): ContractCase => ({
    name: `makes an order ${status} once, takes the late acknowledgement, and refuses another end`,
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const { id: orderId } = await desk.place();
      const command = { orderId, at: afterNoon(3), reason: 'so it goes' };
      const closed = await desk.blotter[close](command);
      expect(closed).toMatchObject({ status, closedAt: afterNoon(3), reason: 'so it goes', version: 2 });
      expect(await desk.blotter[close]({ ...command, at: afterNoon(4) })).toEqual(closed);
      expect(await harness.read.orders.get(orderId)).toEqual(closed);
      const acknowledgement = { orderId, brokerOrderId: BrokerOrderId.of('late'), at: NOON };
      const acknowledged = await desk.blotter.markSubmitted(acknowledgement);
      expect(acknowledged).toEqual(
        Order.restore({ ...closed, brokerOrderId: acknowledgement.brokerOrderId, submittedAt: NOON, version: 3 }),
      );
      expect(await desk.blotter.markSubmitted(acknowledgement)).toEqual(acknowledged);
      expect(await harness.read.orders.findByBrokerOrderId(desk.portfolioId, acknowledgement.brokerOrderId)).toEqual(
        acknowledged,
      );
      const other = close === 'cancelOrder' ? 'expireOrder' : 'cancelOrder';
      await expectError(desk.blotter[other](command), 'INVALID_TRANSITION', { entity: 'order', id: orderId });
    },
  })),
  {
    name: 'says NotFoundError for an order that is not there',
    async run(harness) {
      const { blotter } = await TradingDesk.open(harness);
      const orderId = OrderId.of(randomId());
      const missing = { entity: 'order', id: orderId };
      await expectError(blotter.cancelOrder({ orderId, at: NOON }), 'NOT_FOUND', missing);
      const submitting = blotter.markSubmitted({ orderId, brokerOrderId: BrokerOrderId.of('x'), at: NOON });
      await expectError(submitting, 'NOT_FOUND', missing);
    },
  },
];
