import { OrderTerms, Price, Quantity, Timestamp } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { anyBar } from '../prices/any-bar.js';
import { anyInstrument } from './any-instrument.js';
import type { BrokerEvent, BrokerFill } from './broker-event.js';
import { Chance } from './chance.js';
import { workOrder, type DayOrder } from './paper-broker.js';

const hours = { open: Timestamp.of('2015-01-02T14:30:00Z'), close: Timestamp.of('2015-01-02T21:00:00Z') };
const bar = anyBar({ volume: '10000', low: '99', high: '101' });

function anyOrder(changes: Partial<DayOrder> = {}): DayOrder {
  return {
    name: 'AAPL-2015-01-02',
    instrument: anyInstrument(),
    side: 'BUY',
    quantity: Quantity.of(300),
    terms: OrderTerms.market,
    ...changes,
  };
}

/** What 2,000 seeds make of an order. */
function histories(order = anyOrder()): (readonly BrokerEvent[])[] {
  return Array.from({ length: 2_000 }, (_, seed) => workOrder(order, bar, hours, new Chance(String(seed), order.name)));
}

const typesOf = (events: readonly BrokerEvent[]) => events.map(({ type }) => type);
const fillsOf = (events: readonly BrokerEvent[]) =>
  events.filter((event): event is BrokerFill => event.type === 'filled');
const distinct = (fills: readonly BrokerFill[]) => [
  ...new Map(fills.map((fill) => [fill.brokerExecutionId, fill])).values(),
];
const ends = ['rejected', 'cancelled', 'expired'];

describe('the paper broker', () => {
  it('says the same every time it is asked with the same seed', () => {
    expect(histories()).toEqual(histories());
  });

  it('fills an order in parts that add up to it', () => {
    for (const events of histories().filter((history) => !typesOf(history).includes('rejected'))) {
      const total = distinct(fillsOf(events)).reduce((sum, { quantity }) => sum.plus(quantity), Quantity.zero);
      expect(total.toString()).toBe('300');
    }
  });

  it('ends what is not filled, once, by the end of the day', () => {
    const endings = histories(anyOrder({ quantity: Quantity.of(3_000) })).map((events) =>
      typesOf(events).filter((type) => ends.includes(type)),
    );
    expect(endings.every((ending) => ending.length === 1)).toBe(true);
    expect(new Set(endings.flat())).toEqual(new Set(ends));
  });

  it('fills nothing of a limit order whose price the day does not reach', () => {
    const unreached = histories(anyOrder({ terms: OrderTerms.limit(Price.of('98')) }));
    expect(unreached.flatMap(fillsOf)).toEqual([]);
  });

  it('rejects some orders, which then have no fills', () => {
    const rejected = histories().filter((events) => typesOf(events).includes('rejected'));
    expect(rejected.length).toBeGreaterThan(10);
    expect(rejected.flatMap(fillsOf)).toEqual([]);
  });

  it('repeats executions after a reconnect, word for word', () => {
    const repeated = histories().filter((events) => distinct(fillsOf(events)).length < fillsOf(events).length);
    expect(repeated.length).toBeGreaterThan(100);
    for (const fill of repeated.flatMap(fillsOf)) expect(fill.venue).toBe('XNAS');
    for (const events of repeated) {
      const fills = fillsOf(events);
      expect(fills.slice(fills.length / 2)).toEqual(fills.slice(0, fills.length / 2));
    }
  });

  it('sometimes fills before it acknowledges, and always acknowledges before it ends an order', () => {
    const all = histories(anyOrder({ quantity: Quantity.of(3_000) })).map(typesOf);
    expect(all.some(([first]) => first === 'filled')).toBe(true);
    for (const types of all.filter((history) => !history.includes('rejected'))) {
      expect(types.indexOf('acknowledged')).toBeLessThan(types.findIndex((type) => ends.includes(type)));
    }
  });

  it('sometimes reports a fill behind the cancel that it crossed', () => {
    const all = histories(anyOrder({ quantity: Quantity.of(3_000) })).map(typesOf);
    expect(all.some((types) => types.indexOf('filled', types.indexOf('cancelled')) > types.indexOf('cancelled'))).toBe(
      true,
    );
  });

  it('fills within the hours of the exchange', () => {
    for (const { at } of histories().flatMap(fillsOf)) expect(at > hours.open && at < hours.close).toBe(true);
  });
});
