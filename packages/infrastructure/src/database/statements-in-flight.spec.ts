import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatementsInFlight } from './statements-in-flight.js';

const TIMEOUT_MS = 1_000;
const HOUR_MS = 3_600_000;

describe('what is in flight on a session that falls silent', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([-HOUR_MS, HOUR_MS])('has its whole time and no more of it when the clock is set by %s ms', (step) => {
    const told: string[] = [];
    const inFlight = new StatementsInFlight(TIMEOUT_MS, () => told.push('silence'));
    inFlight.add(() => told.push('first'));
    vi.advanceTimersByTime(TIMEOUT_MS / 2);
    vi.setSystemTime(Date.now() + step);
    inFlight.add(() => told.push('second'));
    vi.advanceTimersByTime(TIMEOUT_MS / 2);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(TIMEOUT_MS / 2);
    // The second had half of its time: to it the session was lost, which is not said here.
    expect(told).toEqual(['first', 'silence']);
  });
});
