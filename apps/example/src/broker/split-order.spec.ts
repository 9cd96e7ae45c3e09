import { Quantity } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { anyInstrument } from './any-instrument.js';
import { Chance } from './chance.js';
import { splitOrder } from './split-order.js';

const chance = () => new Chance('1', 'AAPL');
const split = (quantity: string, volume: string, instrument = anyInstrument()) =>
  splitOrder(Quantity.of(quantity), Quantity.of(volume), instrument, chance());
const sum = (parts: readonly Quantity[]) => parts.reduce((total, part) => total.plus(part), Quantity.zero).toString();

describe('an order', () => {
  it('that is small against the volume of the day is executed at once', () => {
    expect(split('100', '10000').map(String)).toEqual(['100']);
  });

  it('that is large is executed in parts, each of whole lots, at most the share of one execution', () => {
    const parts = split('350', '10000');
    expect(parts.length).toBeGreaterThan(3);
    expect(sum(parts)).toBe('350');
    for (const part of parts) expect(part.compare(Quantity.of(100))).toBeLessThanOrEqual(0);
  });

  it('gets no more than its share of the day', () => {
    expect(sum(split('5000', '10000'))).toBe('1000');
  });

  it('is not executed when its share is less than a lot', () => {
    expect(split('10', '9')).toEqual([]);
  });

  it('of coins is executed in fractions', () => {
    const parts = split('0.5', '2.00000003', anyInstrument({ lot: Quantity.of('0.00000001') }));
    expect(sum(parts)).toBe('0.2');
  });
});
