import { v7 } from 'uuid';
import { createdAt, FILLING, orderId, orderNumber, portfolioId, PORTFOLIOS, symbol } from './layout.js';

/** A new order as a caller has it: a day order to buy at a limit, in dollars. */
export interface NewOrder {
  readonly id: string;
  readonly portfolioId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly limitPrice: string;
  readonly createdAt: string;
  /** The version it is stored at; 0 for one that is not stored. */
  readonly version: number;
}

/** An order that its broker has taken: what whoever stores orders may change of one, and not what was ordered. */
export interface SubmittedOrder extends NewOrder {
  readonly brokerOrderId: string;
  readonly submittedAt: string;
}

/** What a broker reports of one of the orders that are being filled. */
export interface Fill {
  readonly executionId: string;
  readonly portfolioId: string;
  readonly orderId: string;
  readonly brokerExecutionId: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  readonly executedAt: string;
}

/** Numbers from 0 to below the bound that look random and are the same in every run, and cost next to nothing. */
export function scatter(bound: number): () => number {
  let state = 88_172_645;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

let made = 0;

/** The next new order. All of it but the id follows from the number in `clientOrderId`; exactness.ts knows how. */
export function newOrder(): NewOrder {
  made += 1;
  return {
    id: v7(),
    portfolioId: portfolioId((made % PORTFOLIOS) + 1),
    clientOrderId: `N-${made}`,
    symbol: symbol(made),
    quantity: `${1 + (made % 500)}.000000000000000001`,
    limitPrice: `${50 + (made % 100)}.25`,
    createdAt: createdAt(made),
    version: 0,
  };
}

/** The order as its broker has it. @param version that it is stored at; 0 for one that is not stored */
export function submitted(order: NewOrder, version: number): SubmittedOrder {
  return { ...order, version, brokerOrderId: `B-${order.clientOrderId}`, submittedAt: order.createdAt };
}

/** The next fill. @param portfolios over how many they go; each then by turns to its orders. Nine decimals, so that a notional is exact in 18. */
export function newFill(orders: number, portfolios: number): Fill {
  made += 1;
  const portfolio = (made % portfolios) + 1;
  const place = (Math.floor(made / portfolios) % FILLING) + 1;
  return {
    executionId: v7(),
    portfolioId: portfolioId(portfolio),
    orderId: orderId(orderNumber(orders, portfolio, place)),
    brokerExecutionId: `N-${made}`,
    symbol: symbol(place),
    quantity: `${1 + (made % 9)}.000000001`,
    price: `${10 + (made % 5)}.123456789`,
    commission: '0.35',
    executedAt: createdAt(10_000_000 + (made % 1_000_000)),
  };
}
