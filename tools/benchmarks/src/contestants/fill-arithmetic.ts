import { Decimal } from 'decimal.js';
import type { Fill } from '../book/inputs.js';

/** Twenty digits before the point and eighteen behind it, and none lost in a product of two. */
const Exact = Decimal.clone({ precision: 100 });

/** A decimal as a driver gives it. */
type Amount = string | { toString(): string };

export interface PortfolioRow {
  readonly cash: Amount;
  readonly commissions: Amount;
  /** A bigint; drivers differ in what they make of one. */
  readonly last_sequence: string | number | bigint;
  readonly version: number;
}

export interface OrderRow {
  readonly quantity: Amount;
  readonly filled_quantity: Amount;
  readonly filled_notional: Amount;
  readonly commission: Amount;
  readonly version: number;
}

export interface PositionRow {
  readonly id: string;
  readonly quantity: Amount;
  readonly cost_basis: Amount;
  readonly commission: Amount;
  readonly invested: Amount;
  readonly max_value: Amount;
  readonly version: number;
}

/** What a careful program writes for a fill that enlarges its position, from the three rows it has read under lock. */
export function bookFill(fill: Fill, portfolio: PortfolioRow, order: OrderRow, position: PositionRow) {
  const quantity = new Exact(fill.quantity);
  const notional = quantity.mul(fill.price);
  const sequence = Number(portfolio.last_sequence) + 1;
  const held = plus(position.quantity, quantity);
  const value = held.mul(fill.price);
  const filled = plus(order.filled_quantity, quantity);
  return {
    execution: {
      id: fill.executionId,
      portfolio_id: fill.portfolioId,
      sequence,
      order_id: fill.orderId,
      venue: 'XNAS',
      broker_execution_id: fill.brokerExecutionId,
      symbol: fill.symbol,
      side: 'BUY' as const,
      quantity: fill.quantity,
      price: fill.price,
      multiplier: '1',
      commission: fill.commission,
      currency: 'USD',
      executed_at: fill.executedAt,
      recorded_at: new Date().toISOString(),
    },
    order: {
      status: filled.gte(new Exact(order.quantity.toString())) ? ('FILLED' as const) : ('PARTIALLY_FILLED' as const),
      filled_quantity: filled.toFixed(),
      filled_notional: plus(order.filled_notional, notional).toFixed(),
      commission: plus(order.commission, fill.commission).toFixed(),
      version: order.version + 1,
    },
    position: {
      quantity: held.toFixed(),
      cost_basis: plus(position.cost_basis, notional).toFixed(),
      commission: plus(position.commission, fill.commission).toFixed(),
      invested: plus(position.invested, notional).toFixed(),
      max_value: Exact.max(position.max_value.toString(), value).toDecimalPlaces(18, Decimal.ROUND_HALF_EVEN).toFixed(),
      version: position.version + 1,
    },
    portfolio: {
      cash: plus(portfolio.cash, notional.neg().minus(fill.commission)).toFixed(),
      commissions: plus(portfolio.commissions, fill.commission).toFixed(),
      last_sequence: sequence,
      version: portfolio.version + 1,
    },
  };
}

function plus(amount: Amount, more: Decimal | string): Decimal {
  return new Exact(amount.toString()).plus(more);
}
