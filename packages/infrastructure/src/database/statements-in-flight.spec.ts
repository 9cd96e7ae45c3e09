import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatementsInFlight } from './statements-in-flight.js';
import { connectionLost } from './translate-error.js';

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

describe('what is in flight on a session', () => {
  it('is what has not been answered, in whatever order the answers come', () => {
    const told: string[] = [];
    const inFlight = new StatementsInFlight(TIMEOUT_MS, () => undefined);
    const add = (name: string) => inFlight.add(() => told.push(name));
    const [first, second, third] = [add('first'), add('second'), add('third')];
    add('fourth');
    inFlight.answered(second);
    inFlight.answered(second);
    expect(inFlight.size).toBe(3);
    inFlight.answered(first);
    inFlight.answered(third);
    add('fifth');
    expect(inFlight.size).toBe(2);
    inFlight.rejectAll(connectionLost());
    expect(told).toEqual(['fourth', 'fifth']);
    expect(inFlight.size).toBe(0);
  });

  it('takes new statements when all have been answered, and when the last one was answered first', () => {
    const told: string[] = [];
    const inFlight = new StatementsInFlight(TIMEOUT_MS, () => undefined);
    const add = (name: string) => inFlight.add(() => told.push(name));
    const [first, last] = [add('first'), add('last')];
    inFlight.answered(last);
    add('behind');
    inFlight.answered(first);
    expect(inFlight.size).toBe(1);
    inFlight.rejectAll(connectionLost());
    const alone = add('alone');
    inFlight.answered(alone);
    inFlight.answered(alone);
    add('again');
    inFlight.rejectAll(connectionLost());
    expect(told).toEqual(['behind', 'again']);
  });
});
