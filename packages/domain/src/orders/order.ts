import { CurrencyMismatchError, InvalidTransitionError, ValidationError } from '../errors.js';
import type { Execution } from '../executions/execution.js';
import { Currency } from '../values/currency.js';
import { Decimal } from '../values/decimal.js';
import {
  BrokerOrderId,
  ClientOrderId,
  OrderId,
  optionalStrategy,
  PortfolioId,
  type StrategyName,
} from '../values/ids.js';
import { Money } from '../values/money.js';
import { Multiplier } from '../values/multiplier.js';
import { Price } from '../values/price.js';
import { Quantity } from '../values/quantity.js';
import { Tags } from '../values/tags.js';
import { boundedText } from '../values/text.js';
import { Ticker } from '../values/ticker.js';
import { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import { isActiveStatus, nextStatus, type OrderEvent, type OrderStatus } from './order-status.js';
import { checkedOrder, type NewOrder, type OrderState } from './order-state.js';
import { checkedSide, checkedTimeInForce, OrderTerms, type OrderSide, type TimeInForce } from './order-terms.js';

/** An order and what became of it. Immutable: each step returns the next order. */
export class Order implements OrderState {
  declare protected readonly nominal: 'Order';

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
  readonly filledQuantity: Quantity;
  readonly filledNotional: Money;
  readonly commission: Money;
  readonly reason: string | undefined;
  readonly createdAt: Timestamp;
  readonly submittedAt: Timestamp | undefined;
  readonly filledAt: Timestamp | undefined;
  readonly closedAt: Timestamp | undefined;
  readonly version: number;

  /**
   * A new order, PENDING and never stored. Every field is read again by its parser: a program without types, or with a cast, may
   * have put anything there. @throws ValidationError
   */
  static create(order: NewOrder): Order {
    const currency = Currency.of(order.currency);
    const nothing = Money.zero(currency);
    // Every field by name: by a spread, an order and its three fills take four times as long.
    return new Order({
      id: OrderId.of(order.id),
      portfolioId: PortfolioId.of(order.portfolioId),
      clientOrderId: ClientOrderId.of(order.clientOrderId),
      brokerOrderId: undefined,
      symbol: Ticker.of(order.symbol),
      side: checkedSide(order.side),
      quantity: Quantity.positive(order.quantity),
      terms: OrderTerms.checked(order.terms),
      timeInForce: checkedTimeInForce(order.timeInForce),
      multiplier: Multiplier.of(order.multiplier ?? Multiplier.one),
      currency,
      strategy: optionalStrategy(order.strategy),
      tags: Tags.of(order.tags ?? Tags.none),
      status: 'PENDING',
      filledQuantity: Quantity.zero,
      filledNotional: nothing,
      commission: nothing,
      reason: undefined,
      createdAt: Timestamp.of(order.createdAt),
      submittedAt: undefined,
      filledAt: undefined,
      closedAt: undefined,
      version: 0,
    });
  }

  /** An order as it was stored. @throws ValidationError INVALID_ORDER when its figures or times contradict its status, INVALID_VERSION */
  static restore(state: OrderState): Order {
    return new Order(checkedOrder(state));
  }

  private constructor(state: OrderState, version = state.version) {
    this.id = state.id;
    this.portfolioId = state.portfolioId;
    this.clientOrderId = state.clientOrderId;
    this.brokerOrderId = state.brokerOrderId;
    this.symbol = state.symbol;
    this.side = state.side;
    this.quantity = state.quantity;
    this.terms = state.terms;
    this.timeInForce = state.timeInForce;
    this.multiplier = state.multiplier;
    this.currency = state.currency;
    this.strategy = state.strategy;
    this.tags = state.tags;
    this.status = state.status;
    this.filledQuantity = state.filledQuantity;
    this.filledNotional = state.filledNotional;
    this.commission = state.commission;
    this.reason = state.reason;
    this.createdAt = state.createdAt;
    this.submittedAt = state.submittedAt;
    this.filledAt = state.filledAt;
    this.closedAt = state.closedAt;
    this.version = version;
  }

  /**
   * The broker has the order. Taken once, also when a fill, a cancel, a rejection or the close has overtaken the acknowledgement:
   * then the status stays, and the broker's id and the time are kept. @throws InvalidTransitionError, ValidationError
   */
  submit(brokerOrderId: BrokerOrderId, at: Timestamp): Order {
    if (this.submittedAt !== undefined) throw new InvalidTransitionError(this.status, 'submit', this.id);
    return this.with({
      status: this.after('submit'),
      brokerOrderId: BrokerOrderId.of(brokerOrderId),
      submittedAt: Timestamp.of(at),
    });
  }

  /**
   * Adds an execution of this order. Never refused for the order's status: a fill is a fact.
   * @throws ValidationError INVALID_EXECUTION when it is not of this order; CurrencyMismatchError
   */
  fill(execution: Execution): Order {
    this.checkIsOfThisOrder(execution);
    const filledQuantity = this.filledQuantity.plus(execution.quantity);
    const complete = filledQuantity.compare(this.quantity) >= 0;
    const status = this.after(complete ? 'fillAll' : 'fillPart');
    return this.with({
      status,
      filledQuantity,
      filledNotional: this.filledNotional.plus(execution.notional),
      commission: this.commission.plus(execution.commission),
      filledAt: status === 'FILLED' ? (this.filledAt ?? execution.executedAt) : undefined,
      // An order that was filled after all did not end by being cancelled.
      closedAt: status === 'FILLED' ? undefined : this.closedAt,
      reason: status === 'FILLED' ? undefined : this.reason,
    });
  }

  /** @throws InvalidTransitionError unless the order is active */
  cancel(at: Timestamp, reason?: string): Order {
    return this.close('cancel', at, reason);
  }

  /** @throws InvalidTransitionError once the order has ended or was filled in part */
  reject(at: Timestamp, reason: string): Order {
    return this.close('reject', at, reason);
  }

  /** @throws InvalidTransitionError unless the order is active */
  expire(at: Timestamp, reason?: string): Order {
    return this.close('expire', at, reason);
  }

  /** The same order at another version; for units of work. */
  atVersion(version: number): Order {
    // Without a spread, which takes four times as long: every save comes by here.
    return new Order(this, checkedVersion(version));
  }

  get type(): OrderTerms['type'] {
    return this.terms.type;
  }

  get isActive(): boolean {
    return isActiveStatus(this.status);
  }

  get isComplete(): boolean {
    return !this.isActive;
  }

  /** What is still to be filled; zero when filled beyond its quantity. */
  get remainingQuantity(): Quantity {
    return this.isOverfilled ? Quantity.zero : this.quantity.minus(this.filledQuantity);
  }

  get isOverfilled(): boolean {
    return this.filledQuantity.compare(this.quantity) > 0;
  }

  /** Filled part of the quantity: 0 to 1, above 1 when overfilled. */
  get fillRatio(): Decimal {
    return this.filledQuantity.toDecimal().div(this.quantity.toDecimal());
  }

  /** Filled notional / (filled quantity × multiplier), to 18 decimals, half to even. Undefined while nothing is filled. */
  get averageFillPrice(): Price | undefined {
    if (this.filledQuantity.isZero) return undefined;
    const units = this.filledQuantity.toDecimal().mul(this.multiplier.toString());
    return Price.of(this.filledNotional.toDecimal().div(units).toDecimalPlaces(18, Decimal.ROUND_HALF_EVEN));
  }

  /** quantity × price × multiplier at the price the terms name, or at the one given. Undefined when there is neither. */
  notional(price: Price | undefined = OrderTerms.referencePrice(this.terms)): Money | undefined {
    return price && Money.notional(this.quantity, price, this.multiplier, this.currency);
  }

  private close(event: OrderEvent, at: Timestamp, reason: string | undefined): Order {
    return this.with({
      status: this.after(event),
      closedAt: Timestamp.of(at),
      reason: reason === undefined ? undefined : boundedText(reason, 'reason', 500),
    });
  }

  private after(event: OrderEvent): OrderStatus {
    const status = nextStatus(this.status, event);
    if (status === undefined) throw new InvalidTransitionError(this.status, event, this.id);
    return status;
  }

  private checkIsOfThisOrder(execution: Execution): void {
    const matches =
      execution.orderId === this.id &&
      execution.portfolioId === this.portfolioId &&
      execution.symbol === this.symbol &&
      execution.side === this.side &&
      execution.multiplier.equals(this.multiplier);
    if (!matches) {
      throw new ValidationError(
        'INVALID_EXECUTION',
        'The execution is not of this order: portfolio, order, symbol, side and multiplier must be the same.',
        { entity: 'execution', id: execution.id },
      );
    }
    if (execution.currency !== this.currency) throw new CurrencyMismatchError(this.currency, execution.currency);
  }

  private with(changes: Partial<OrderState>): Order {
    // Not by a spread of both, which takes twice as long: every step of an order's life comes by here.
    return Object.assign(new Order(this), changes);
  }
}
