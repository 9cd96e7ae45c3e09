import {
  BrokerOrderId,
  Money,
  OrderTerms,
  Price,
  Quantity,
  StrategyName,
  Timestamp,
  type Order,
} from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';

const at = (time: string) => Timestamp.of(`2026-01-05T${time}Z`);
const [limit, stop] = [Price.of('101.25'), Price.of('99.5')];

let book: TestBook;
let trader: Trader;

beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
});
afterAll(() => book.drop());

/** The order as the database has it now. */
const stored = ({ id }: Order) => book.database.read.orders.get(id);

/** What the prices and quantities of an order come to. */
function sums(order: Order) {
  return {
    status: order.status,
    isActive: order.isActive,
    isComplete: order.isComplete,
    filled: order.filledQuantity.toString(),
    remaining: order.remainingQuantity.toString(),
    fillRatio: order.fillRatio.toString(),
    averageFillPrice: order.averageFillPrice?.toString(),
    commission: order.commission.toString(),
  };
}

const times = ({ createdAt, submittedAt, filledAt, closedAt }: Order) => [createdAt, submittedAt, filledAt, closedAt];

describe('an order in the database', () => {
  test.each([
    ['MARKET', OrderTerms.market, undefined],
    ['LIMIT', OrderTerms.limit(limit), '1012.5 USD'],
    ['STOP', OrderTerms.stop(stop), '995 USD'],
    ['STOP_LIMIT', OrderTerms.stopLimit(stop, limit), '1012.5 USD'],
  ] as const)('is a %s order with the prices of its type, and a notional by them', async (type, terms, notional) => {
    const order = await stored(await trader.place({ terms }));

    expect(order.type).toBe(type);
    expect(order.terms).toEqual(terms);
    expect(order.notional()?.toString()).toBe(notional);
    expect(order.notional(Price.of(120))?.toString()).toBe('1200 USD');
  });

  test('is submitted and filled: active until it is complete, with remaining, ratio, average price and commission', async () => {
    const placed = await trader.place({
      terms: OrderTerms.limit(limit),
      strategy: StrategyName.of('trend'),
      tags: { signal: 'breakout' },
      createdAt: at('14:30:00.000001'),
    });
    const active = { isActive: true, isComplete: false };
    const unfilled = { filled: '0', remaining: '10', fillRatio: '0', averageFillPrice: undefined, commission: '0 USD' };
    expect(sums(await stored(placed))).toEqual({ status: 'PENDING', ...active, ...unfilled });

    const brokerOrderId = BrokerOrderId.of('B-1');
    await book.blotter.markSubmitted({ orderId: placed.id, brokerOrderId, at: at('14:30:00.000002') });
    const submitted = await stored(placed);
    expect(sums(submitted)).toEqual({ status: 'SUBMITTED', ...active, ...unfilled });
    expect(submitted.brokerOrderId).toBe('B-1');

    const fill = (quantity: number, price: number, executedAt: string) =>
      trader.fill(placed, {
        quantity: Quantity.of(quantity),
        price: Price.of(price),
        commission: Money.of('0.75', 'USD'),
        executedAt: at(executedAt),
      });
    await fill(4, 100, '14:30:00.000003');
    expect(sums(await stored(placed))).toEqual({
      status: 'PARTIALLY_FILLED',
      ...active,
      filled: '4',
      remaining: '6',
      fillRatio: '0.4',
      averageFillPrice: '100',
      commission: '0.75 USD',
    });

    await fill(6, 101, '14:30:00.000004');
    const filled = await stored(placed);
    expect(sums(filled)).toEqual({
      status: 'FILLED',
      isActive: false,
      isComplete: true,
      filled: '10',
      remaining: '0',
      fillRatio: '1',
      averageFillPrice: '100.6',
      commission: '1.5 USD',
    });
    expect(filled).toMatchObject({ reason: undefined, strategy: 'trend', tags: { signal: 'breakout' }, version: 4 });
    expect(times(filled)).toEqual([at('14:30:00.000001'), at('14:30:00.000002'), at('14:30:00.000004'), undefined]);
  });

  test.each([
    ['cancelOrder', 'CANCELLED'],
    ['rejectOrder', 'REJECTED'],
    ['expireOrder', 'EXPIRED'],
  ] as const)('ends by %s: complete and unfilled, with its reason and the time', async (end, status) => {
    const { id: orderId } = await trader.place({ createdAt: at('14:30:00') });
    const brokerOrderId = BrokerOrderId.of(status);
    await book.blotter.markSubmitted({ orderId, brokerOrderId, at: at('14:30:01') });
    await book.blotter[end]({ orderId, at: at('14:30:02.5'), reason: 'so it goes' });

    const ended = await book.database.read.orders.get(orderId);
    expect(ended).toMatchObject({ status, isActive: false, isComplete: true, reason: 'so it goes' });
    expect(ended.remainingQuantity.toString()).toBe('10');
    expect(times(ended)).toEqual([at('14:30:00'), at('14:30:01'), undefined, at('14:30:02.5')]);
  });
});
