import { ValidationError } from '../errors.js';
import type { OrderSide } from '../orders/order-terms.js';
import type { Currency } from '../values/currency.js';
import type { BrokerExecutionId, ExecutionId, OrderId, PortfolioId, Venue } from '../values/ids.js';
import { Money } from '../values/money.js';
import { Multiplier } from '../values/multiplier.js';
import type { Price } from '../values/price.js';
import { Quantity } from '../values/quantity.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';
import { checkedReport, type ExecutionReport } from './execution-report.js';

/** Everything an execution is, as stored. */
export interface ExecutionState extends ExecutionReport {
  readonly multiplier: Multiplier;
  /** Its place in the portfolio's ledger, which counts executions and cash movements from 1 without a gap. */
  readonly sequence: number;
  readonly recordedAt: Timestamp;
}

/** A fill as it happened. A fact: it is recorded once and never changes. */
export class Execution implements ExecutionState {
  declare protected readonly nominal: 'Execution';

  readonly id: ExecutionId;
  readonly portfolioId: PortfolioId;
  readonly orderId: OrderId;
  readonly venue: Venue;
  readonly brokerExecutionId: BrokerExecutionId;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly multiplier: Multiplier;
  readonly commission: Money;
  readonly executedAt: Timestamp;
  readonly sequence: number;
  readonly recordedAt: Timestamp;
  /** quantity × price × multiplier, rounded once to 18 decimals: the one number that moves cash and cost basis. Not negative. */
  readonly notional: Money;

  /**
   * The report, given its place in the ledger.
   * @throws ValidationError as checkedReport, OUT_OF_RANGE for the notional, INVALID_EXECUTION for the sequence
   */
  static record(
    report: ExecutionReport,
    place: { readonly sequence: number; readonly recordedAt: Timestamp },
  ): Execution {
    return new Execution(checkedReport(report), place);
  }

  /** An execution as it was stored. @throws ValidationError as {@link Execution.record} */
  static restore(state: ExecutionState): Execution {
    return new Execution(state, state);
  }

  private constructor(report: ExecutionReport, place: { readonly sequence: number; readonly recordedAt: Timestamp }) {
    if (!Number.isSafeInteger(place.sequence) || place.sequence < 1) {
      throw new ValidationError('INVALID_EXECUTION', 'A sequence is a whole number from 1.', {
        entity: 'execution',
        id: report.id,
      });
    }
    this.id = report.id;
    this.portfolioId = report.portfolioId;
    this.orderId = report.orderId;
    this.venue = report.venue;
    this.brokerExecutionId = report.brokerExecutionId;
    this.symbol = report.symbol;
    this.side = report.side;
    this.quantity = Quantity.positive(report.quantity);
    this.price = report.price;
    this.multiplier = report.multiplier ?? Multiplier.one;
    this.commission = report.commission;
    this.executedAt = report.executedAt;
    this.sequence = place.sequence;
    this.recordedAt = place.recordedAt;
    this.notional = Money.notional(this.quantity, this.price, this.multiplier, this.currency);
  }

  get currency(): Currency {
    return this.commission.currency;
  }

  /** The quantity as it moves the position: above zero for a BUY, below for a SELL. */
  get signedQuantity(): Quantity {
    return this.side === 'BUY' ? this.quantity : this.quantity.negated();
  }

  /** The notional as it moves the cost basis: above zero for a BUY, below for a SELL. Cash moves the other way. */
  get signedNotional(): Money {
    return this.side === 'BUY' ? this.notional : this.notional.negated();
  }

  /**
   * Whether a report says the same as this execution: then it is a repetition, and already recorded.
   * The execution's own id and the time of recording are ours, not the broker's, and are not compared.
   */
  saysTheSameAs(report: ExecutionReport): boolean {
    return (
      this.portfolioId === report.portfolioId &&
      this.orderId === report.orderId &&
      this.venue === report.venue &&
      this.brokerExecutionId === report.brokerExecutionId &&
      this.symbol === report.symbol &&
      this.side === report.side &&
      this.quantity.equals(report.quantity) &&
      this.price.equals(report.price) &&
      this.multiplier.equals(report.multiplier ?? Multiplier.one) &&
      this.commission.equals(report.commission) &&
      this.executedAt === report.executedAt
    );
  }
}
