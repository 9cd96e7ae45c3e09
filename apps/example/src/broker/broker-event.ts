import type { BrokerExecutionId, BrokerOrderId, Money, Price, Quantity, Timestamp, Venue } from '@blotter/domain';

/** What a broker says about an order. */
export type BrokerEvent =
  | { readonly type: 'acknowledged'; readonly brokerOrderId: BrokerOrderId; readonly at: Timestamp }
  | { readonly type: 'rejected'; readonly reason: string; readonly at: Timestamp }
  | { readonly type: 'cancelled'; readonly reason: string; readonly at: Timestamp }
  | { readonly type: 'expired'; readonly reason: string; readonly at: Timestamp }
  | BrokerFill;

export interface BrokerFill {
  readonly type: 'filled';
  readonly brokerExecutionId: BrokerExecutionId;
  readonly venue: Venue;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly commission: Money;
  readonly at: Timestamp;
}
