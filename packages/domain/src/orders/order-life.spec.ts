import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidTransitionError } from '../errors.js';
import { anyExecutionOf, anyOrder, arbitraryOrder } from '../testing/index.js';
import { BrokerOrderId, Quantity, Timestamp } from '../values/index.js';
import {
  ACTIVE_STATUSES,
  ORDER_EVENTS,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  Order,
  type OrderEvent,
  type OrderStatus,
} from './index.js';

const at = Timestamp.of('2026-01-05T15:00:00Z');

/** The order's life once more, written by hand: the table is checked against it, and the order against both. */
const expected: Record<OrderStatus, Record<OrderEvent, OrderStatus | 'refused'>> = {
  PENDING: row('SUBMITTED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'),
  SUBMITTED: row('refused', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'),
  PARTIALLY_FILLED: row('PARTIALLY_FILLED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'refused', 'EXPIRED'),
  FILLED: row('FILLED', 'refused', 'FILLED', 'refused', 'refused', 'refused'),
  CANCELLED: row('CANCELLED', 'CANCELLED', 'FILLED', 'refused', 'refused', 'refused'),
  REJECTED: row('REJECTED', 'REJECTED', 'FILLED', 'refused', 'refused', 'refused'),
  EXPIRED: row('EXPIRED', 'EXPIRED', 'FILLED', 'refused', 'refused', 'refused'),
};
const cells = ORDER_STATUSES.flatMap((status) =>
  ORDER_EVENTS.map((event) => ({ status, event, next: expected[status][event] })),
);

describe('the order’s life', () => {
  test.each(cells)('$status, $event: $next', ({ status, event, next }) => {
    const table: Partial<Record<OrderEvent, OrderStatus>> = ORDER_TRANSITIONS[status];
    expect(table[event] ?? 'refused').toBe(next);
  });

  // A FILLED order has no quantity left for a part fill: that cell cannot be asked for.
  test.each(cells.filter(({ status, event }) => !(status === 'FILLED' && event === 'fillPart')))(
    'an order that is $status takes the step $event as the table says: $next',
    ({ status, event, next }) => {
      const order = orderThatIs(status);
      if (next === 'refused') {
        expect(() => take(order, event)).toThrow(InvalidTransitionError);
        expect(() => take(order, event)).toThrow(
          expect.objectContaining({ code: 'INVALID_TRANSITION', from: status, event }),
        );
      } else {
        expect(take(order, event).status).toBe(next);
      }
      expect(order.status).toBe(status);
    },
  );

  test('PENDING, SUBMITTED and PARTIALLY_FILLED are active, all others complete', () => {
    for (const status of ORDER_STATUSES) {
      const active = ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED'].includes(status);
      expect([orderThatIs(status).isActive, orderThatIs(status).isComplete]).toEqual([active, !active]);
    }
    expect(ACTIVE_STATUSES).toEqual(['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED']);
  });

  test('on any walk through it the fills sum up, FILLED means filled, and no order that ended becomes active again', () => {
    const walk = fc.array(
      fc.record({ event: fc.constantFrom(...ORDER_EVENTS), quantity: fc.integer({ min: 1, max: 14 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(walk, (steps) => {
        let order = anyOrder({ quantity: Quantity.of(20) });
        let filled = 0;
        for (const { event, quantity } of steps) {
          const before = order;
          try {
            if (event === 'fillPart' || event === 'fillAll') {
              order = order.fill(anyExecutionOf(order, { quantity: Quantity.of(quantity) }));
              filled += quantity;
            } else {
              order = take(order, event);
            }
          } catch (error) {
            if (!(error instanceof InvalidTransitionError)) throw error;
            expect(event).not.toMatch(/fill/);
          }
          expect(order.filledQuantity.toString()).toBe(String(filled));
          expect(order.filledNotional.amount).toBe(String(filled * 100));
          expect(order.status === 'FILLED').toBe(filled >= 20);
          expect(order.filledAt !== undefined).toBe(order.status === 'FILLED');
          expect(order.closedAt !== undefined).toBe(['CANCELLED', 'REJECTED', 'EXPIRED'].includes(order.status));
          if (before.isComplete) expect(order.isComplete).toBe(true);
        }
      }),
    );
  });

  test('whatever state a walk leads to is one that storage gives back', () => {
    fc.assert(
      fc.property(arbitraryOrder(), (order) => {
        expect(Order.restore(order)).toEqual(order);
      }),
    );
  });
});

function row(...next: readonly (OrderStatus | 'refused')[]): Record<OrderEvent, OrderStatus | 'refused'> {
  const [submit, fillPart, fillAll, cancel, reject, expire] = next;
  if (!submit || !fillPart || !fillAll || !cancel || !reject || !expire) throw new Error('A row has six cells.');
  return { submit, fillPart, fillAll, cancel, reject, expire };
}

function orderThatIs(status: OrderStatus): Order {
  const order = anyOrder();
  switch (status) {
    case 'PENDING':
      return order;
    case 'SUBMITTED':
      return take(order, 'submit');
    case 'PARTIALLY_FILLED':
      return take(order, 'fillPart');
    case 'FILLED':
      return take(order, 'fillAll');
    case 'CANCELLED':
      return take(order, 'cancel');
    case 'REJECTED':
      return take(order, 'reject');
    case 'EXPIRED':
      return take(order, 'expire');
  }
}

function take(order: Order, event: OrderEvent): Order {
  switch (event) {
    case 'submit':
      return order.submit(BrokerOrderId.of('broker-1'), at);
    case 'fillPart':
      return order.fill(anyExecutionOf(order, { quantity: Quantity.of(1) }));
    case 'fillAll':
      return order.fill(anyExecutionOf(order));
    case 'cancel':
      return order.cancel(at, 'no longer wanted');
    case 'reject':
      return order.reject(at, 'not enough margin');
    case 'expire':
      return order.expire(at, 'end of the day');
  }
}
