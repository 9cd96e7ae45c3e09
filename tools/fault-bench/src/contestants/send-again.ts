import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 5;
const PAUSE_MS = 20;

/** What the users of a peer write themselves: the same command again, whatever the error, a few times. */
export async function sendAgain(command: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await command();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    await delay(PAUSE_MS);
  }
}
