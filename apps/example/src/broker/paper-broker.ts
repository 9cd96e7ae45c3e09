import {
  BrokerExecutionId,
  BrokerOrderId,
  Timestamp,
  type OrderSide,
  type OrderTerms,
  type Quantity,
} from '@blotter/domain';
import type { DailyBar } from '../prices/daily-bar.js';
import type { BrokerEvent, BrokerFill } from './broker-event.js';
import type { Chance } from './chance.js';
import { commissionOf } from './commission.js';
import { fillPrice } from './fill-price.js';
import type { Instrument } from './instrument.js';
import { splitOrder } from './split-order.js';

/** A day order, as the broker gets it. */
export interface DayOrder {
  /** Unique; the broker's own ids are made of it. */
  readonly name: string;
  readonly instrument: Instrument;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly terms: OrderTerms;
}

/** The exchange's hours on a day. */
export interface Hours {
  readonly open: Timestamp;
  readonly close: Timestamp;
}

// How often things go wrong, per thousand orders: more often than with a good broker, so that a session sees them all.
const REJECTED = 15;
const RECONNECTS = 80;
const OVERTAKES = 30;
const CROSSES = 200;

/**
 * Everything that the broker says about a day order, in the order in which it is heard. By the end of the day it is
 * filled, rejected, cancelled or expired. As brokers do, this one fills an order before it acknowledges it, repeats
 * executions after a reconnect, and reports a fill behind the cancel that it crossed.
 */
export function workOrder(order: DayOrder, bar: DailyBar, hours: Hours, chance: Chance): readonly BrokerEvent[] {
  const brokerOrderId = BrokerOrderId.of(`P-${order.name}`);
  const acknowledged: BrokerEvent = { type: 'acknowledged', brokerOrderId, at: secondsAfter(hours.open, 0) };
  if (chance.happens(REJECTED)) return rejection(acknowledged, hours, chance);

  const fills = fillsOf(order, bar, hours, chance);
  const filled = fills.reduce((sum, { quantity }) => sum.minus(quantity), order.quantity).isZero;
  const events: BrokerEvent[] = [acknowledged, ...fills];
  if (fills.length > 0 && chance.happens(OVERTAKES)) swap(events, 0);
  if (!filled) {
    events.push(ending(hours, chance));
    if (events.at(-2)?.type === 'filled' && chance.happens(CROSSES)) swap(events, events.length - 2);
  }
  // The repetitions come all at once, when the connection is back.
  return chance.happens(RECONNECTS) ? [...events, ...fills] : events;
}

function fillsOf(order: DayOrder, bar: DailyBar, hours: Hours, chance: Chance): readonly BrokerFill[] {
  const { instrument, side, terms, name } = order;
  const fills: BrokerFill[] = [];
  let slippage = chance.between(0, 3);
  for (const quantity of splitOrder(order.quantity, bar.volume, instrument, chance)) {
    const price = fillPrice(bar, side, terms, instrument.tick, slippage);
    if (!price) break;
    fills.push({
      type: 'filled',
      brokerExecutionId: BrokerExecutionId.of(`P-${name}-${fills.length + 1}`),
      venue: instrument.venue,
      quantity,
      price,
      commission: commissionOf(instrument.commission, quantity, price),
      at: secondsAfter(hours.open, 1 + fills.length * 60 + chance.between(0, 59)),
    });
    // Each part takes liquidity from the next one.
    slippage += chance.between(1, 3);
  }
  return fills;
}

function rejection(acknowledged: BrokerEvent, hours: Hours, chance: Chance): readonly BrokerEvent[] {
  const reason = chance.pick(
    'The instrument is halted.',
    'No shares to borrow.',
    'The order came too late for the open.',
  );
  const rejected: BrokerEvent = { type: 'rejected', reason, at: secondsAfter(hours.open, 1) };
  return chance.happens(500) ? [rejected] : [acknowledged, rejected];
}

function ending(hours: Hours, chance: Chance): BrokerEvent {
  return chance.happens(500)
    ? { type: 'expired', reason: 'The day is over.', at: hours.close }
    : { type: 'cancelled', reason: 'The rest was cancelled before the close.', at: secondsAfter(hours.close, -600) };
}

function swap(events: BrokerEvent[], index: number): void {
  events.splice(index, 2, ...events.slice(index, index + 2).reverse());
}

function secondsAfter(moment: Timestamp, seconds: number): Timestamp {
  return Timestamp.of(new Date(Timestamp.toDate(moment).getTime() + seconds * 1_000));
}
