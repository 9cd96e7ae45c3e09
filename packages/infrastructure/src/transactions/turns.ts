import type { Interruption } from '@blotter/application';

/** How far the courtesy goes. */
export interface TurnLimits {
  /** After so long a turn ends by itself: one that is forgotten must not stop the others. */
  readonly longestMs: number;
  /** So long somebody waits. Without an end, waits would add up behind those who themselves wait in the database, for a lock. */
  readonly patienceMs: number;
  /** So many wait at once, all keys together. */
  readonly maxWaiting: number;
}

/**
 * Turns of the tasks of this process that change the same thing. They would only meet in the database, where one of two that
 * decide on the same version is refused; here they wait without a session. It is a courtesy, and nothing rests on it: who has
 * waited for long enough, or finds too many waiting, goes on as though its turn had come.
 */
export class Turns {
  /** By key, the end of the turn that was given out last. */
  private readonly last = new Map<string, Promise<void>>();
  private waiting = 0;

  constructor(private readonly limits: TurnLimits) {}

  /** Waits for those that came before. Whoever goes on gives its turn back by calling what is returned. @throws the interruption */
  async take(key: string, interruption: Interruption): Promise<() => void> {
    const before = this.last.get(key);
    let giveBack: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => {
      giveBack = resolve;
    });
    const end = before ? before.then(() => mine) : mine;
    this.last.set(key, end);
    void end.then(() => {
      if (this.last.get(key) === end) this.last.delete(key);
    });
    try {
      if (before && this.waiting < this.limits.maxWaiting) await this.wait(before, interruption);
    } catch (error) {
      giveBack();
      throw error;
    }
    const timer = setTimeout(giveBack, this.limits.longestMs).unref();
    return () => {
      clearTimeout(timer);
      giveBack();
    };
  }

  private async wait(before: Promise<void>, interruption: Interruption): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.limits.patienceMs);
    });
    this.waiting += 1;
    try {
      await interruption.orInterrupted(Promise.race([before, patience]));
    } finally {
      clearTimeout(timer);
      this.waiting -= 1;
    }
  }
}
