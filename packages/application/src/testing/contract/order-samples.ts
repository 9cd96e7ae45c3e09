import {
  BrokerOrderId,
  ClientOrderId,
  Money,
  Multiplier,
  Order,
  ORDER_SIDES,
  OrderTerms,
  Price,
  Quantity,
  StrategyName,
  TIMES_IN_FORCE,
  type Portfolio,
} from '@blotter/domain';
import { afterNoon, anyExecution, anyOrder, LONGEST, NOON, randomId, SMALLEST } from './samples.js';

/** Orders of every status, type, side and time in force, with and without each optional field, and at the bounds of decimals. */
export function ordersOfEveryShape(portfolio: Portfolio): Order[] {
  return [...ordersInEveryStatus(portfolio), ...ordersOfEveryTerm(portfolio), ...ordersAtTheBounds(portfolio)];
}

/** At least one order in each status, by every way to it that leaves other traces. */
export function ordersInEveryStatus(portfolio: Portfolio): Order[] {
  const pending = () => anyOrder(portfolio);
  const submitted = () => pending().submit(BrokerOrderId.of(randomId()), afterNoon(1));
  const filledBy = (order: Order, quantity: number) =>
    order.fill(anyExecution(order, { quantity: Quantity.of(quantity), executedAt: afterNoon(2) }));
  return [
    pending(),
    submitted(),
    filledBy(pending(), 4),
    filledBy(submitted(), 4),
    filledBy(submitted(), 10),
    filledBy(submitted(), 11),
    submitted().cancel(afterNoon(3)),
    filledBy(submitted(), 4).cancel(afterNoon(3), 'Trader’s wish: "enough" \\ 十分 💹'),
    filledBy(submitted().cancel(afterNoon(3), 'crossed'), 4),
    filledBy(submitted().cancel(afterNoon(3), 'crossed'), 10),
    pending().reject(afterNoon(3), 'no such symbol'),
    submitted().expire(afterNoon(3), 'end of day'),
    pending().cancel(afterNoon(3)).submit(BrokerOrderId.of(randomId()), afterNoon(4)),
  ];
}

function ordersOfEveryTerm(portfolio: Portfolio): Order[] {
  const [limit, stop] = [Price.of('101.25'), Price.of('99.5')];
  return [
    ...[OrderTerms.market, OrderTerms.limit(limit), OrderTerms.stop(stop), OrderTerms.stopLimit(stop, limit)].map(
      (terms) => anyOrder(portfolio, { terms }),
    ),
    ...ORDER_SIDES.map((side) => anyOrder(portfolio, { side })),
    ...TIMES_IN_FORCE.map((timeInForce) => anyOrder(portfolio, { timeInForce })),
    anyOrder(portfolio, {
      clientOrderId: ClientOrderId.of(`O'Brien; "x" ${randomId()}`),
      multiplier: Multiplier.of('0.1'),
      strategy: StrategyName.of('mean reversion é'),
      tags: { signal: 'breakout', 'a "quoted" key': 'it’s \\ 💹\nnext line', empty: '' },
    }),
  ];
}

function ordersAtTheBounds(portfolio: Portfolio): Order[] {
  const longest = anyOrder(portfolio, {
    quantity: Quantity.of(LONGEST),
    terms: OrderTerms.stopLimit(Price.of(LONGEST), Price.of(SMALLEST)),
    multiplier: Multiplier.of('12345678901234567890.123456789012345678'),
  });
  const filled = Order.restore({
    ...longest,
    id: anyOrder(portfolio).id,
    clientOrderId: ClientOrderId.of(randomId()),
    status: 'FILLED',
    filledQuantity: Quantity.of(LONGEST),
    filledNotional: Money.of(LONGEST, portfolio.currency),
    commission: Money.of(`-${LONGEST}`, portfolio.currency),
    filledAt: NOON,
  });
  return [longest, filled, anyOrder(portfolio, { quantity: Quantity.of(SMALLEST) })];
}
