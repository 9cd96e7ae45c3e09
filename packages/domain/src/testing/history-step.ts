import type { OrderSide } from '../orders/index.js';
import type { Money, Multiplier, Price, Quantity, Ticker } from '../values/index.js';

/** One entry of a portfolio's history, as it came in: before the book has given it a place. */
export type HistoryStep = CashStep | ExecutionStep;

export interface CashStep {
  readonly kind: 'deposit' | 'withdrawal';
  /** Above zero. A withdrawal may be larger than the cash there is; then it is refused. */
  readonly amount: Money;
}

export interface ExecutionStep {
  readonly kind: 'execution';
  /** Which order of the history is filled, from 0; the executions of one order follow each other. */
  readonly order: number;
  readonly orderQuantity: Quantity;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  /** The same for all executions in a symbol. */
  readonly multiplier: Multiplier;
  /** Below zero for a rebate. */
  readonly commission: Money;
}
