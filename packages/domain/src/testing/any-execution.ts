import { Execution, type ExecutionReport, type ExecutionState } from '../executions/index.js';
import type { Order } from '../orders/index.js';
import { BrokerExecutionId, ExecutionId, Money, Price, Timestamp, Venue } from '../values/index.js';
import { anyOrder } from './any-order.js';
import { anyUuid } from './test-ids.js';

/** A report that fills all that remains of the order, at 100 and without commission. Give what the test is about. */
export function anyReportOf(order: Order, given: Partial<ExecutionReport> = {}): ExecutionReport {
  const id = anyUuid();
  return {
    id: ExecutionId.of(id),
    portfolioId: order.portfolioId,
    orderId: order.id,
    venue: Venue.of('XNAS'),
    brokerExecutionId: BrokerExecutionId.of(`fill-${id}`),
    symbol: order.symbol,
    side: order.side,
    quantity: order.remainingQuantity.isZero ? order.quantity : order.remainingQuantity,
    price: Price.of(100),
    multiplier: order.multiplier,
    commission: Money.zero(order.currency),
    executedAt: Timestamp.of('2026-01-05T14:30:01Z'),
    ...given,
  };
}

/** A report of an order of its own; see {@link anyReportOf}. */
export function anyReport(given: Partial<ExecutionReport> = {}): ExecutionReport {
  return anyReportOf(anyOrder(), given);
}

/** {@link anyReportOf}, recorded as the first of its portfolio. */
export function anyExecutionOf(order: Order, given: Partial<ExecutionState> = {}): Execution {
  const { sequence = 1, recordedAt = Timestamp.of('2026-01-05T14:30:02Z'), ...report } = given;
  return Execution.record(anyReportOf(order, report), { sequence, recordedAt });
}

/** An execution of an order of its own; see {@link anyExecutionOf}. */
export function anyExecution(given: Partial<ExecutionState> = {}): Execution {
  return anyExecutionOf(anyOrder(), given);
}
