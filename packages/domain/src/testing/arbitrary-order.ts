import fc from 'fast-check';
import {
  nextStatus,
  ORDER_EVENTS,
  ORDER_SIDES,
  OrderTerms,
  TIMES_IN_FORCE,
  type Order,
  type OrderEvent,
} from '../orders/index.js';
import { BrokerOrderId, Quantity, StrategyName, Tags, Timestamp, type Money, type Price } from '../values/index.js';
import { anyExecutionOf } from './any-execution.js';
import { anyOrder } from './any-order.js';
import { arbitraryCommission, arbitraryMultiplier, arbitraryPrice, arbitraryQuantity } from './arbitrary-values.js';

interface Circumstances {
  readonly at: Timestamp;
  readonly price: Price;
  readonly commission: Money;
}

/** Orders of every type that have taken a random walk through their life; for mappers, which must keep all of it. */
export function arbitraryOrder(): fc.Arbitrary<Order> {
  const step = fc.record({
    event: fc.constantFrom(...ORDER_EVENTS),
    price: arbitraryPrice(),
    commission: arbitraryCommission(),
    second: fc.nat({ max: 3599 }),
  });
  return fc.tuple(arbitraryNewOrder(), fc.array(step, { maxLength: 6 })).map(([order, steps]) =>
    steps.reduce((current, { event, second, price, commission }) => {
      const at = Timestamp.of(new Date(Date.UTC(2026, 0, 5, 15, 0, second)));
      return walk(current, event, { at, price, commission });
    }, order),
  );
}

function arbitraryNewOrder(): fc.Arbitrary<Order> {
  const positivePrice = arbitraryPrice().filter((price) => !price.isZero);
  return fc
    .record({
      side: fc.constantFrom(...ORDER_SIDES),
      quantity: arbitraryQuantity(),
      terms: fc.oneof(
        fc.constant(OrderTerms.market),
        positivePrice.map((price) => OrderTerms.limit(price)),
        positivePrice.map((price) => OrderTerms.stop(price)),
        fc.tuple(positivePrice, positivePrice).map(([stop, limit]) => OrderTerms.stopLimit(stop, limit)),
      ),
      timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
      multiplier: arbitraryMultiplier(),
      strategy: fc.constantFrom(undefined, StrategyName.of('momentum')),
      tags: fc.constantFrom(Tags.none, Tags.of({ signal: 'breakout', 'with "quotes"': '✓' })),
    })
    .map((given) => anyOrder(given));
}

/** The order after the event, or as it was where its life has no such step. */
function walk(order: Order, event: OrderEvent, { at, price, commission }: Circumstances): Order {
  const submitted = event === 'submit' && order.submittedAt !== undefined;
  if (submitted || nextStatus(order.status, event) === undefined) return order;
  const fill = (quantity: Quantity) =>
    order.fill(anyExecutionOf(order, { quantity, price, commission, executedAt: at }));
  switch (event) {
    case 'submit':
      return order.submit(BrokerOrderId.of(`broker-${order.id}`), at);
    case 'fillPart': {
      const third = order.remainingQuantity.units / 3n;
      return third === 0n ? order : fill(Quantity.ofUnits(third));
    }
    case 'fillAll':
      return fill(order.remainingQuantity.isZero ? order.quantity : order.remainingQuantity);
    case 'cancel':
      return order.cancel(at, 'no longer wanted');
    case 'reject':
      return order.reject(at, 'not enough margin');
    case 'expire':
      return order.expire(at);
  }
}
