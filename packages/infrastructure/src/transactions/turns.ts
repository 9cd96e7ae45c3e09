import type { Interruption } from '@blotter/application';

/**
 * Turns of the tasks of this process that change the same thing. They would only meet in the database, where one of two that
 * decide on the same version is refused; here they wait without a session.
 */
export class Turns {
  /** By key, the end of the turn that was given out last. */
  private readonly last = new Map<string, Promise<void>>();

  /** @param longestMs after so long a turn ends by itself: it is a courtesy, and one that is forgotten must not stop the others */
  constructor(private readonly longestMs: number) {}

  /** Waits for those that came before. Whoever has the turn gives it back by calling what is returned. @throws the interruption */
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
      if (before) await interruption.orInterrupted(before);
    } catch (error) {
      giveBack();
      throw error;
    }
    const timer = setTimeout(giveBack, this.longestMs).unref();
    return () => {
      clearTimeout(timer);
      giveBack();
    };
  }
}
