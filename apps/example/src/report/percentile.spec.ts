import { describe, expect, it } from 'vitest';
import { percentile } from './percentile.js';

describe('a percentile', () => {
  const values = [5, 1, 4, 2, 3];

  it.each([
    [50, 3],
    [99, 5],
    [20, 1],
    [21, 2],
    [0, 1],
  ])('%i of 1 to 5 is %i', (percent, value) => {
    expect(percentile(values, percent)).toBe(value);
  });

  it('of nothing is undefined', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});
