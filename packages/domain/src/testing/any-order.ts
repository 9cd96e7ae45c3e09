import { Order, OrderTerms, type NewOrder } from '../orders/index.js';
import { ClientOrderId, Currency, OrderId, PortfolioId, Quantity, Ticker, Timestamp } from '../values/index.js';
import { anyUuid } from './test-ids.js';

/** What a plain new order needs: BUY 10 AAPL at market, good for the day. Give what the test is about. */
export function anyNewOrder(given: Partial<NewOrder> = {}): NewOrder {
  const id = anyUuid();
  return {
    id: OrderId.of(id),
    portfolioId: PortfolioId.of(anyUuid()),
    clientOrderId: ClientOrderId.of(`order-${id}`),
    symbol: Ticker.of('AAPL'),
    side: 'BUY',
    quantity: Quantity.of(10),
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    currency: Currency.of('USD'),
    createdAt: Timestamp.of('2026-01-05T14:30:00Z'),
    ...given,
  };
}

/** A PENDING order; see {@link anyNewOrder}. */
export function anyOrder(given: Partial<NewOrder> = {}): Order {
  return Order.create(anyNewOrder(given));
}
