import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { together } from './together.js';

describe('tasks together', () => {
  it('give their results in their order', async () => {
    expect(await together([delay(5, 'slow'), Promise.resolve('fast')])).toEqual(['slow', 'fast']);
  });

  it('are all over when the first failure is thrown', async () => {
    let isOver = false;
    const slow = delay(20).then(() => (isOver = true));
    await expect(together([Promise.reject(new Error('first')), slow])).rejects.toThrow('first');
    expect(isOver).toBe(true);
  });
});
