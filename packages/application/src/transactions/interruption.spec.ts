import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Interruption } from './interruption.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the deadline of an interruption', () => {
  it('ends the wait when its milliseconds are over', () => {
    const interruption = new Interruption({ timeoutMs: 2 ** 31 - 2 });
    vi.advanceTimersByTime(2 ** 31 - 3);
    expect(interruption.error).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(interruption.error).toMatchObject({ code: 'TIMEOUT' });
  });

  it.each([Infinity, Number.MAX_SAFE_INTEGER, 2 ** 31])(
    'never comes when it is %s, which no timer can wait',
    (timeoutMs) => {
      const timer = vi.spyOn(globalThis, 'setTimeout');
      const interruption = new Interruption({ timeoutMs });
      expect(timer).not.toHaveBeenCalled();
      expect(interruption.error).toBeUndefined();
    },
  );

  it('is refused when it is NaN', () => {
    expect(() => new Interruption({ timeoutMs: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION' }) as Error,
    );
  });
});
