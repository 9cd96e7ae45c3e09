import { describe, expect, it } from 'vitest';
import { Chance } from './chance.js';

const draw = (chance: Chance) => Array.from({ length: 200 }, () => chance.between(1, 6));

describe('chance', () => {
  it('comes out the same for the same seed and name', () => {
    expect(draw(new Chance('1', 'AAPL'))).toEqual(draw(new Chance('1', 'AAPL')));
  });

  it('comes out differently for another seed, and for another name', () => {
    const numbers = draw(new Chance('1', 'AAPL'));
    expect(draw(new Chance('2', 'AAPL'))).not.toEqual(numbers);
    expect(draw(new Chance('1', 'IBM'))).not.toEqual(numbers);
  });

  it('gives every number between the ends, and no other', () => {
    expect([...new Set(draw(new Chance('1', 'AAPL')))].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('never happens 0 times in a thousand and always happens 1,000 times', () => {
    const chance = new Chance('1', 'AAPL');
    for (let i = 0; i < 200; i += 1) expect([chance.happens(0), chance.happens(1_000)]).toEqual([false, true]);
  });

  it('picks each of several', () => {
    const chance = new Chance('1', 'AAPL');
    expect(new Set(Array.from({ length: 50 }, () => chance.pick('a', 'b', 'c')))).toEqual(new Set(['a', 'b', 'c']));
  });
});
