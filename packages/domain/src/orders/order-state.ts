import { ValidationError } from '../errors.js';
import type { Currency } from '../values/currency.js';
import type { BrokerOrderId, ClientOrderId, OrderId, PortfolioId, StrategyName } from '../values/ids.js';
import type { Money } from '../values/money.js';
import type { Multiplier } from '../values/multiplier.js';
import type { Quantity } from '../values/quantity.js';
import type { Tags } from '../values/tags.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import type { OrderStatus } from './order-status.js';
import type { OrderSide, OrderTerms, TimeInForce } from './order-terms.js';

/** Everything an order is, as stored. */
export interface OrderState {
  readonly id: OrderId;
  readonly portfolioId: PortfolioId;
  readonly clientOrderId: ClientOrderId;
  readonly brokerOrderId: BrokerOrderId | undefined;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly terms: OrderTerms;
  readonly timeInForce: TimeInForce;
  readonly multiplier: Multiplier;
  readonly currency: Currency;
  readonly strategy: StrategyName | undefined;
  readonly tags: Tags;
  readonly status: OrderStatus;
  /** Sum of the executions' quantities; above `quantity` when the broker filled too much. */
  readonly filledQuantity: Quantity;
  /** Sum of the executions' notionals, each rounded once. */
  readonly filledNotional: Money;
  readonly commission: Money;
  /** Why the order was cancelled, rejected or expired. */
  readonly reason: string | undefined;
  readonly createdAt: Timestamp;
  readonly submittedAt: Timestamp | undefined;
  /** When the order became FILLED. */
  readonly filledAt: Timestamp | undefined;
  /** When the order became CANCELLED, REJECTED or EXPIRED. */
  readonly closedAt: Timestamp | undefined;
  readonly version: number;
}

/** What a new order needs. */
export interface NewOrder {
  readonly id: OrderId;
  readonly portfolioId: PortfolioId;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly terms: OrderTerms;
  readonly timeInForce: TimeInForce;
  readonly currency: Currency;
  readonly createdAt: Timestamp;
  /** 1 unless said otherwise. */
  readonly multiplier?: Multiplier | undefined;
  readonly strategy?: StrategyName | undefined;
  readonly tags?: Tags | undefined;
}

/** @throws ValidationError INVALID_ORDER when the figures or times contradict the status, INVALID_VERSION */
export function checkedOrder(state: OrderState): OrderState {
  if (!filledFits(state) || !timesFit(state)) {
    throw new ValidationError('INVALID_ORDER', "The order's filled quantity or its times contradict its status.", {
      entity: 'order',
      id: state.id,
    });
  }
  checkedVersion(state.version);
  return state;
}

function filledFits({ status, quantity, filledQuantity, filledNotional, commission }: OrderState): boolean {
  if (!quantity.isPositive || filledQuantity.isNegative || filledNotional.isNegative) return false;
  const nothing = filledQuantity.isZero;
  if (nothing && !(filledNotional.isZero && commission.isZero)) return false;
  if (status === 'PENDING' || status === 'SUBMITTED') return nothing;
  if (status === 'PARTIALLY_FILLED' && nothing) return false;
  return (status === 'FILLED') === filledQuantity.compare(quantity) >= 0;
}

function timesFit({ status, brokerOrderId, submittedAt, filledAt, closedAt }: OrderState): boolean {
  const submitted = submittedAt !== undefined;
  const ended = status === 'CANCELLED' || status === 'REJECTED' || status === 'EXPIRED';
  return (
    submitted === (brokerOrderId !== undefined) &&
    (status !== 'PENDING' || !submitted) &&
    (status !== 'SUBMITTED' || submitted) &&
    (status === 'FILLED') === (filledAt !== undefined) &&
    ended === (closedAt !== undefined)
  );
}
