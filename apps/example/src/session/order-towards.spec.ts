import { Decimal, Money, Price, Quantity } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { anyInstrument } from '../broker/any-instrument.js';
import { orderTowards, type Situation } from './order-towards.js';

const plan = { weight: new Decimal('0.2'), tolerance: new Decimal('0.05') };

function orderFor(
  target: Situation['target'],
  held: string,
  { equity = '100000', lastClose = '100' } = {},
  instrument = anyInstrument(),
) {
  const order = orderTowards(
    { target, held: Quantity.of(held), equity: Money.of(equity, 'USD'), lastClose: Price.of(lastClose) },
    instrument,
    plan,
  );
  return order && [order.side, order.quantity.toString(), order.terms.type, order.terms.limitPrice?.toString()];
}

describe('the order towards a target', () => {
  it.each([
    ['enters long', 'LONG', '0', 'BUY', '200'],
    ['enters short', 'SHORT', '0', 'SELL', '200'],
    ['leaves', 'FLAT', '150', 'SELL', '150'],
    ['flips from long to short in one', 'SHORT', '150', 'SELL', '350'],
    ['flips from short to long in one', 'LONG', '-150', 'BUY', '350'],
  ] as const)('%s, at the market', (_, target, held, side, quantity) => {
    expect(orderFor(target, held)).toEqual([side, quantity, 'MARKET', undefined]);
  });

  it('resizes at yesterday’s close or better', () => {
    expect(orderFor('LONG', '150')).toEqual(['BUY', '50', 'LIMIT', '100']);
    expect(orderFor('SHORT', '-220')).toEqual(['BUY', '20', 'LIMIT', '100']);
  });

  it('is none while the position is off by what is tolerated', () => {
    expect(orderFor('LONG', '190')).toBeUndefined();
    expect(orderFor('LONG', '200')).toBeUndefined();
    expect(orderFor('FLAT', '0')).toBeUndefined();
  });

  it('is in whole lots', () => {
    expect(orderFor('LONG', '0', { lastClose: '333' })?.[1]).toBe('60');
    expect(orderFor('LONG', '0', { lastClose: '333' }, anyInstrument({ lot: Quantity.of('0.00000001') }))?.[1]).toBe(
      '60.06006006',
    );
  });

  it('leaves when nothing is left', () => {
    expect(orderFor('LONG', '100', { equity: '-1' })).toEqual(['SELL', '100', 'MARKET', undefined]);
  });
});
