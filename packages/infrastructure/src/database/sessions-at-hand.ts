import type { Session } from './session.js';
import type { SessionFitness } from './session-fitness.js';

/** No session is kept for longer; the pool, which closes what is idle for seconds, does not miss it meanwhile. */
const KEPT_MS = 50;

/**
 * Sessions that were given back a moment ago, for whoever asks next. The pool would give them out by way of a dozen promises and two
 * timers, which take a fifth of what adding an order takes of the client. What nobody takes soon goes back to the pool.
 */
export class SessionsAtHand {
  private readonly sessions: Session[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fitness: SessionFitness,
    private readonly giveBack: (session: Session) => void,
  ) {}

  get count(): number {
    return this.sessions.length;
  }

  keep(session: Session): void {
    this.sessions.push(session);
    this.timer ??= setTimeout(() => {
      this.giveBackAll();
    }, KEPT_MS).unref();
  }

  /** The one that was used last, of those that need no question whether they live; any other is the pool's to ask. */
  take(): Session | undefined {
    for (let session = this.sessions.pop(); session; session = this.sessions.pop()) {
      if (this.fitness.isFresh(session)) return session;
      this.giveBack(session);
    }
    return undefined;
  }

  giveBackAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const session of this.sessions.splice(0)) this.giveBack(session);
  }
}
