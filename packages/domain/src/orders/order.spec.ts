import { describe, expect, test } from 'vitest';
import type { ExecutionState } from '../executions/index.js';
import { anyExecutionOf, anyNewOrder, anyOrder, anyUuid } from '../testing/index.js';
import {
  BrokerOrderId,
  Currency,
  Money,
  Multiplier,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
} from '../values/index.js';
import { Order, OrderTerms, type OrderState } from './index.js';

const at = Timestamp.of('2026-01-05T15:00:00Z');
const later = Timestamp.of('2026-01-05T15:00:01Z');
const usd = (amount: string | number) => Money.of(amount, 'USD');
const broker = BrokerOrderId.of('broker-1');

describe('a new order', () => {
  test('is PENDING, unfilled, and has never been stored', () => {
    const order = anyOrder();
    expect(order).toMatchObject({ status: 'PENDING', version: 0, submittedAt: undefined, filledAt: undefined });
    expect(order.filledQuantity.isZero && order.filledNotional.isZero && order.commission.isZero).toBe(true);
    expect(order.multiplier).toBe(Multiplier.one);
  });

  test.each(['0', '-1'])('of a quantity of %s is refused', (quantity) => {
    expect(() => anyOrder({ quantity: Quantity.of(quantity) })).toThrow(
      expect.objectContaining({ code: 'MUST_BE_POSITIVE' }),
    );
  });

  test('with terms that were put together by hand, and wrongly, is refused', () => {
    const terms = { type: 'LIMIT' } as unknown as OrderTerms;
    expect(() => anyOrder({ terms })).toThrow(expect.objectContaining({ code: 'INVALID_ORDER' }));
  });

  test('keeps its tags when the caller changes theirs', () => {
    const tags: Record<string, string> = { signal: 'breakout' };
    const order = anyOrder({ tags });
    tags['signal'] = 'other';
    expect(order.tags).toEqual({ signal: 'breakout' });
  });

  test('has nothing but what an order has, whatever else came with it', () => {
    const command = { ...anyNewOrder(), password: 'secret' };
    expect(Order.create(command)).not.toHaveProperty('password');
  });
});

describe('the figures of an order', () => {
  const contract = anyOrder({ quantity: Quantity.of(10), multiplier: Multiplier.of(50) });
  const filled = contract
    .fill(anyExecutionOf(contract, { quantity: Quantity.of(3), price: Price.of('100'), commission: usd('1.5') }))
    .fill(anyExecutionOf(contract, { quantity: Quantity.of(4), price: Price.of('101'), commission: usd('-0.5') }));

  test('remaining quantity, fill ratio, average price, notional and commission follow the fills', () => {
    expect(filled.remainingQuantity.toString()).toBe('3');
    expect(filled.fillRatio.toString()).toBe('0.7');
    expect(filled.filledNotional.amount).toBe('35200');
    expect(filled.averageFillPrice?.toString()).toBe('100.571428571428571429');
    expect(filled.commission.amount).toBe('1');
  });

  test('an order without fills has no average price and a fill ratio of zero', () => {
    expect(contract.averageFillPrice).toBeUndefined();
    expect(contract.fillRatio.toString()).toBe('0');
  });

  test('the earlier order is unchanged by a fill', () => {
    expect(contract.filledQuantity.isZero).toBe(true);
    expect(contract.status).toBe('PENDING');
  });

  test('the notional takes the price of the terms, or the one given; a market order without a price has none', () => {
    const limit = anyOrder({ terms: OrderTerms.limit(Price.of(20)), multiplier: Multiplier.of(50) });
    expect(limit.notional()?.amount).toBe('10000');
    expect(limit.notional(Price.of(21))?.amount).toBe('10500');
    expect(contract.notional()).toBeUndefined();
    expect(contract.type).toBe('MARKET');
  });

  test('an order at another version is otherwise the same', () => {
    expect({ ...filled.atVersion(7) }).toEqual({ ...filled, version: 7 });
    expect(() => filled.atVersion(-1)).toThrow(expect.objectContaining({ code: 'INVALID_VERSION' }));
  });
});

describe('the times of an order', () => {
  test('each is the time of its own step', () => {
    const submitted = anyOrder().submit(broker, at);
    const filled = submitted.fill(anyExecutionOf(submitted, { executedAt: later }));
    expect(filled).toMatchObject({ submittedAt: at, filledAt: later, closedAt: undefined, brokerOrderId: broker });
  });

  test('a part fill is no time of filling', () => {
    const order = anyOrder();
    expect(order.fill(anyExecutionOf(order, { quantity: Quantity.of(1) })).filledAt).toBeUndefined();
  });

  test('cancel, reject and expire keep their time and reason', () => {
    const ends = [anyOrder().cancel(at, 'reason'), anyOrder().reject(at, 'reason'), anyOrder().expire(at, 'reason')];
    for (const order of ends) expect(order).toMatchObject({ closedAt: at, reason: 'reason' });
    expect(anyOrder().cancel(at).reason).toBeUndefined();
  });

  test('a reason without text is refused', () => {
    expect(() => anyOrder().reject(at, '')).toThrow(expect.objectContaining({ code: 'INVALID_TEXT' }));
  });
});

describe('what brokers do', () => {
  test('the fill overtakes the acknowledgement, which is then taken once', () => {
    const order = anyOrder();
    const part = order.fill(anyExecutionOf(order, { quantity: Quantity.of(4) }));
    const acknowledged = part.submit(broker, later);
    expect(acknowledged).toMatchObject({ status: 'PARTIALLY_FILLED', submittedAt: later, brokerOrderId: broker });
    expect(() => acknowledged.submit(broker, later)).toThrow(expect.objectContaining({ code: 'INVALID_TRANSITION' }));

    const all = order.fill(anyExecutionOf(order)).submit(broker, later);
    expect(all).toMatchObject({ status: 'FILLED', submittedAt: later });
  });

  test.each(['cancel', 'reject', 'expire'] as const)(
    'the acknowledgement comes after the %s: it is taken once, and the order is what it is when they come in order',
    (end) => {
      const order = anyOrder();
      const acknowledged = order[end](later, 'no longer wanted').submit(broker, at);
      expect(acknowledged).toEqual(order.submit(broker, at)[end](later, 'no longer wanted'));
      expect(acknowledged).toMatchObject({ brokerOrderId: broker, submittedAt: at, closedAt: later, isActive: false });
      expect(() => acknowledged.submit(broker, later)).toThrow(expect.objectContaining({ code: 'INVALID_TRANSITION' }));
    },
  );

  test('they fill beyond the quantity: it is recorded, nothing remains, and the first time of filling stays', () => {
    const order = anyOrder();
    const full = order.fill(anyExecutionOf(order, { executedAt: at }));
    const over = full.fill(anyExecutionOf(order, { quantity: Quantity.of('0.5'), executedAt: later }));
    expect(over.isOverfilled && !full.isOverfilled).toBe(true);
    expect(over.remainingQuantity.isZero).toBe(true);
    expect(over.fillRatio.toString()).toBe('1.05');
    expect(over).toMatchObject({ status: 'FILLED', filledAt: at });
  });

  test('they fill a part of what they have cancelled: it counts, and the order stays cancelled', () => {
    const order = anyOrder().cancel(at, 'no longer wanted');
    const late = order.fill(anyExecutionOf(order, { quantity: Quantity.of(4) }));
    expect(late).toMatchObject({ status: 'CANCELLED', closedAt: at, reason: 'no longer wanted', filledAt: undefined });
    expect(late.filledQuantity.toString()).toBe('4');
  });

  test('they fill all of what they have cancelled: then it was filled, and neither cancelled nor for a reason', () => {
    const order = anyOrder().cancel(at, 'no longer wanted');
    const late = order.fill(anyExecutionOf(order, { executedAt: later }));
    expect(late).toMatchObject({ status: 'FILLED', closedAt: undefined, reason: undefined, filledAt: later });
  });
});

describe('an execution of something else', () => {
  const order = anyOrder();
  const others: Record<string, Partial<ExecutionState>> = {
    order: { orderId: OrderId.of(anyUuid()) },
    portfolio: { portfolioId: PortfolioId.of(anyUuid()) },
    symbol: { symbol: Ticker.of('MSFT') },
    side: { side: 'SELL' },
    multiplier: { multiplier: Multiplier.of(100) },
  };

  test.each(Object.keys(others))('of another %s is refused', (what) => {
    expect(() => order.fill(anyExecutionOf(order, others[what]))).toThrow(
      expect.objectContaining({ code: 'INVALID_EXECUTION', entity: 'execution' }),
    );
  });

  test('in another currency is refused', () => {
    expect(() => order.fill(anyExecutionOf(order, { commission: Money.of(1, 'EUR') }))).toThrow(
      expect.objectContaining({ code: 'CURRENCY_MISMATCH', expected: 'USD', actual: 'EUR' }),
    );
  });
});

describe('an order from storage', () => {
  const filled = Quantity.of(4);
  const contradictions: Record<string, Partial<OrderState>> = {
    'PENDING, and filled': { filledQuantity: filled },
    'PENDING, and submitted': { submittedAt: at, brokerOrderId: broker },
    'SUBMITTED, and filled': { status: 'SUBMITTED', submittedAt: at, brokerOrderId: broker, filledQuantity: filled },
    'SUBMITTED at no time': { status: 'SUBMITTED' },
    'submitted, but unknown to the broker': { status: 'SUBMITTED', submittedAt: at },
    'PARTIALLY_FILLED with nothing': { status: 'PARTIALLY_FILLED' },
    'PARTIALLY_FILLED with everything': { status: 'PARTIALLY_FILLED', filledQuantity: Quantity.of(10) },
    'FILLED with a part': { status: 'FILLED', filledQuantity: filled, filledAt: at },
    'FILLED at no time': { status: 'FILLED', filledQuantity: Quantity.of(10) },
    'FILLED, and closed': { status: 'FILLED', filledQuantity: Quantity.of(10), filledAt: at, closedAt: at },
    'CANCELLED with everything filled': { status: 'CANCELLED', filledQuantity: Quantity.of(10), closedAt: at },
    'CANCELLED at no time': { status: 'CANCELLED' },
    'EXPIRED at no time': { status: 'EXPIRED' },
    'REJECTED at no time': { status: 'REJECTED' },
    'filled below zero': { status: 'CANCELLED', filledQuantity: Quantity.of(-1), closedAt: at },
    'unfilled at a cost': { filledNotional: usd(1) },
    'unfilled for a commission': { commission: usd(1) },
    'of no quantity': { quantity: Quantity.zero },
  };

  test.each(Object.keys(contradictions))('that is %s is refused', (what) => {
    expect(() => Order.restore({ ...anyOrder(), ...contradictions[what] })).toThrow(
      expect.objectContaining({ code: 'INVALID_ORDER' }),
    );
  });

  test('of a version that is none is refused', () => {
    expect(() => Order.restore({ ...anyOrder(), version: 1.5 })).toThrow(
      expect.objectContaining({ code: 'INVALID_VERSION' }),
    );
  });

  test('is in the currency it was stored in', () => {
    const currency = Currency.of('EUR');
    expect(Order.restore(anyOrder({ currency })).filledNotional.currency).toBe('EUR');
  });
});
