import type { Session } from './session.js';

/** No session is kept for longer; the pool, which closes what is idle for seconds, does not miss it meanwhile. */
const KEPT_MS = 50;

/**
 * Sessions that were given back a moment ago, for whoever asks next. The pool would give them out by way of a dozen promises and two
 * timers, which take a fifth of what adding an order takes of the client. What nobody takes soon goes back to the pool.
 */
export class SessionsAtHand {
  private readonly sessions: Session[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly giveBack: (session: Session) => void) {}

  get count(): number {
    return this.sessions.length;
  }

  keep(session: Session): void {
    this.sessions.push(session);
    this.timer ??= setTimeout(() => {
      this.giveBackAll();
    }, KEPT_MS).unref();
  }

  /** The one that was used last. */
  take(): Session | undefined {
    return this.sessions.pop();
  }

  giveBackAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const session of this.sessions.splice(0)) this.giveBack(session);
  }
}
