import { describe, expect, it } from 'vitest';
import { median, ratioInRounds, spread } from './statistics.js';

describe('The statistics of rounds', () => {
  it('take the middle, or the mean of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([8, 1, 5, 2])).toBe(3.5);
    expect(median([])).toBeNaN();
  });

  it('give the spread as a share of the median', () => {
    expect(spread([90, 100, 130])).toBe(0.4);
  });

  it('compare within rounds: a round in which the machine was slow was slow for both', () => {
    const [fast, slow] = [
      [200, 20, 200],
      [100, 10, 50],
    ];
    expect(ratioInRounds(fast, slow)).toBe(2);
    // The ratio of the medians would be another.
    expect(median(fast) / median(slow)).toBe(4);
  });

  it('say nothing of what was not measured, and count only rounds of both', () => {
    expect(ratioInRounds([1], undefined)).toBeUndefined();
    expect(ratioInRounds(undefined, [1])).toBeUndefined();
    expect(ratioInRounds([], [1])).toBeUndefined();
    expect(ratioInRounds([6, 100], [2])).toBe(3);
  });
});
