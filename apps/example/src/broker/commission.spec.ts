import { Decimal, Money, Price, Quantity } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { commissionOf } from './commission.js';

const perShare = { perUnit: new Decimal('0.005'), minimum: Money.of('1', 'USD') };
const ofNotional = { shareOfNotional: new Decimal('0.0025'), minimum: Money.of('0', 'USD') };

describe('a commission', () => {
  it('per unit is the quantity times the rate', () => {
    expect(commissionOf(perShare, Quantity.of(1001), Price.of('10')).amount).toBe('5.005');
  });

  it('is never below the minimum', () => {
    expect(commissionOf(perShare, Quantity.of(10), Price.of('10')).amount).toBe('1');
  });

  it('of the notional is rounded half to even to eight decimals', () => {
    expect(commissionOf(ofNotional, Quantity.of('0.00000002'), Price.of('100')).amount).toBe('0');
    expect(commissionOf(ofNotional, Quantity.of('0.00000006'), Price.of('100')).amount).toBe('0.00000002');
  });
});
