import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedQuestion } from './shared-question.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asked of a server that says nothing. */
function silentQuestion(leastPatienceMs: number): SharedQuestion<never> {
  const question = new SharedQuestion<never>(new Promise<never>(() => undefined), leastPatienceMs);
  question.answer.catch(() => undefined);
  return question;
}

test('is over when its most patient caller goes, whose timer may end a little before its own', () => {
  const question = silentQuestion(2_000);
  question.waitAtLeast(2_500);
  vi.advanceTimersByTime(2_400);
  expect(question.isOver).toBe(false);
  vi.advanceTimersByTime(99);
  expect(question.isOver).toBe(true);
});

test('is given up then', async () => {
  const question = silentQuestion(2_000);
  question.waitAtLeast(500);
  vi.advanceTimersByTime(1_990);
  expect(question.isOver).toBe(false);
  vi.advanceTimersByTime(10);
  await expect(question.answer).rejects.toMatchObject({ code: 'TIMEOUT' });
});
