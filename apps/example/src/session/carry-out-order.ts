import { LimitBreachedError, untilKnown, type PlaceOrder } from '@blotter/application';
import { ExecutionId, type ExecutionReport, type OrderId } from '@blotter/domain';
import type { BrokerEvent, BrokerFill } from '../broker/broker-event.js';
import type { Book } from './book.js';
import type { Tally } from './tally.js';

/** Places an order, and tells the book everything that the broker then says about it. */
export async function carryOutOrder(
  book: Book,
  command: PlaceOrder,
  events: readonly BrokerEvent[],
  tally: Tally,
): Promise<void> {
  try {
    await untilKnown(() => book.blotter.placeOrder(command));
  } catch (error) {
    if (!(error instanceof LimitBreachedError)) throw error;
    tally.refused += 1;
    return;
  }
  tally.orders += 1;
  for (const event of events) await record(book, command, event, tally);
}

async function record(book: Book, command: PlaceOrder, event: BrokerEvent, tally: Tally): Promise<void> {
  const orderId: OrderId = command.id;
  switch (event.type) {
    case 'acknowledged':
      await untilKnown(() => book.blotter.markSubmitted({ ...event, orderId }));
      return;
    case 'rejected':
      await untilKnown(() => book.blotter.rejectOrder({ ...event, orderId }));
      tally.rejected += 1;
      return;
    case 'cancelled':
      await untilKnown(() => book.blotter.cancelOrder({ ...event, orderId }));
      tally.cancelled += 1;
      return;
    case 'expired':
      await untilKnown(() => book.blotter.expireOrder({ ...event, orderId }));
      tally.expired += 1;
      return;
    case 'filled':
      await recordFill(book, reportOf(book, command, event), tally);
  }
}

async function recordFill(book: Book, report: ExecutionReport, tally: Tally): Promise<void> {
  const started = performance.now();
  const { alreadyRecorded } = await untilKnown(() => book.blotter.recordExecution(report));
  if (alreadyRecorded) {
    tally.duplicatesIgnored += 1;
  } else {
    tally.executions += 1;
    tally.recordingMs.push(performance.now() - started);
  }
}

/** The report of a fill. A repeated one gets another id of ours: what makes it the same is what the broker says. */
function reportOf(book: Book, command: PlaceOrder, fill: BrokerFill): ExecutionReport {
  return {
    id: ExecutionId.of(book.ids.next()),
    portfolioId: command.portfolioId,
    orderId: command.id,
    venue: fill.venue,
    brokerExecutionId: fill.brokerExecutionId,
    symbol: command.symbol,
    side: command.side,
    quantity: fill.quantity,
    price: fill.price,
    commission: fill.commission,
    executedAt: fill.at,
  };
}
