import { describe, expect, it } from 'vitest';
import { Chance } from './chance.js';

const numbers = (chance: Chance) => Array.from({ length: 20 }, () => chance.between(1, 1_000_000));

describe('Chance', () => {
  it('is the same for the same seed and name', () => {
    expect(numbers(new Chance(7, 'cut').of(3))).toEqual(numbers(new Chance(7, 'cut').of(3)));
  });

  it('is another for another seed, name or part', () => {
    const one = numbers(new Chance(7, 'cut').of(3));
    expect(numbers(new Chance(8, 'cut').of(3))).not.toEqual(one);
    expect(numbers(new Chance(7, 'kill').of(3))).not.toEqual(one);
    expect(numbers(new Chance(7, 'cut').of(4))).not.toEqual(one);
  });

  it('stays between its ends', () => {
    const chance = new Chance(7, 'ends');
    const drawn = Array.from({ length: 1_000 }, () => chance.between(2, 4));
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4]));
  });
});
