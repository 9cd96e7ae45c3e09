import { ConfigurationError } from '../errors.js';

/** 24.8 days: given more, a timer of JavaScript fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** So many milliseconds for a timer, at most its longest. @throws ConfigurationError for NaN */
export function timerMs(milliseconds: number): number {
  if (Number.isNaN(milliseconds)) {
    throw new ConfigurationError('A number of milliseconds is NaN. Give a number, or Infinity for no bound.');
  }
  return Math.min(milliseconds, LONGEST_TIMER_MS);
}
