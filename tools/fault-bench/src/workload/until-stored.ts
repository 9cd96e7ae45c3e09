import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../contestants/contestant-process.js';

/**
 * Sends the same command again until it is told to be done: the way out of an ambiguous commit, and of every other end without
 * an answer. @returns what each attempt was told, the last being done unless the attempts ran out
 */
export async function untilStored(
  command: () => Promise<Outcome>,
  options: { readonly attempts: number; readonly pauseMs: number },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < options.attempts) {
    const outcome = await command();
    outcomes.push(outcome);
    if (outcome.told === 'done') break;
    await delay(options.pauseMs);
  }
  return outcomes;
}
