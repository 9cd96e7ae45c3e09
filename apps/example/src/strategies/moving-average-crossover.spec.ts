import { describe, expect, it } from 'vitest';
import { barsOfCloses } from '../prices/any-bar.js';
import { movingAverageCrossover } from './moving-average-crossover.js';

const strategy = movingAverageCrossover({ fast: 2, slow: 4 });

describe('a moving-average crossover', () => {
  it('says nothing before the slow average has all its days', () => {
    expect(strategy(barsOfCloses('1', '2', '3'), 'FLAT')).toBeUndefined();
  });

  it('is long while the fast average is above the slow one', () => {
    expect(strategy(barsOfCloses('1', '2', '3', '4'), 'SHORT')).toBe('LONG');
  });

  it('is short while the fast average is below the slow one', () => {
    expect(strategy(barsOfCloses('4', '3', '2', '1'), 'LONG')).toBe('SHORT');
  });

  it.each(['LONG', 'SHORT', 'FLAT'] as const)('stays %s while the averages are equal', (held) => {
    expect(strategy(barsOfCloses('0.1', '0.2', '0.1', '0.2'), held)).toBe(held);
  });

  it('compares exactly, where floats would see a crossing', () => {
    // As floats 0.1 + 0.2 + 0.3 is above 0.3 + 0.2 + 0.1.
    const exact = movingAverageCrossover({ fast: 3, slow: 6 });
    expect(exact(barsOfCloses('0.3', '0.2', '0.1', '0.1', '0.2', '0.3'), 'FLAT')).toBe('FLAT');
  });

  it('looks at the last days only', () => {
    expect(strategy(barsOfCloses('1000', '1', '2', '3', '4'), 'FLAT')).toBe('LONG');
  });
});
