import { checkedSide, type OrderSide } from '../orders/order-terms.js';
import { BrokerExecutionId, ExecutionId, OrderId, PortfolioId, Venue } from '../values/ids.js';
import { Money } from '../values/money.js';
import { Multiplier } from '../values/multiplier.js';
import { Price } from '../values/price.js';
import { Quantity } from '../values/quantity.js';
import { Ticker } from '../values/ticker.js';
import { Timestamp } from '../values/timestamp.js';

/** What the broker reported, before the book has given it a place. */
export interface ExecutionReport {
  readonly id: ExecutionId;
  readonly portfolioId: PortfolioId;
  readonly orderId: OrderId;
  readonly venue: Venue;
  readonly brokerExecutionId: BrokerExecutionId;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  /** 1 unless said otherwise. */
  readonly multiplier?: Multiplier | undefined;
  /** What the broker took; below zero for a rebate. In the portfolio's currency. */
  readonly commission: Money;
  readonly executedAt: Timestamp;
}

/** What makes two reports the same fill: a broker repeats them after a reconnect. */
export type ExecutionKey = Pick<ExecutionReport, 'portfolioId' | 'venue' | 'symbol' | 'side' | 'brokerExecutionId'>;

/** Reads every field again by its parser: a broker's adapter may have put anything there. @throws ValidationError */
export function checkedReport(report: ExecutionReport): ExecutionReport & { readonly multiplier: Multiplier } {
  return {
    id: ExecutionId.of(report.id),
    portfolioId: PortfolioId.of(report.portfolioId),
    orderId: OrderId.of(report.orderId),
    venue: Venue.of(report.venue),
    brokerExecutionId: BrokerExecutionId.of(report.brokerExecutionId),
    symbol: Ticker.of(report.symbol),
    side: checkedSide(report.side),
    quantity: Quantity.positive(report.quantity),
    price: Price.of(report.price),
    multiplier: Multiplier.of(report.multiplier ?? Multiplier.one),
    commission: Money.checked(report.commission),
    executedAt: Timestamp.of(report.executedAt),
  };
}
