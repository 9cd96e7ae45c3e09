import type { Session } from './session.js';

/**
 * Says which sessions may be given more work. One for all sessions of a database, whatever they are for: what makes some of
 * them useless, such as a failover, does so to all.
 */
export class SessionFitness {
  private readonly expiry = new WeakMap<Session, number>();
  private renewedAt = 0;

  constructor(private readonly maxLifetimeMs: number) {}

  /** From now on sessions that were opened before are replaced instead of used: what they know of the server is outdated. */
  renew(): void {
    this.renewedAt = performance.now();
  }

  /** Whether it is alive, has not lived its time, and was opened since the last renewal. */
  isFit(session: Session): boolean {
    return session.isUsable && session.openedAt >= this.renewedAt && performance.now() < this.expiryOf(session);
  }

  /** Up to a tenth less than the lifetime, so that sessions opened together do not all end together. */
  private expiryOf(session: Session): number {
    const expiry = this.expiry.get(session) ?? session.openedAt + this.maxLifetimeMs * (1 - Math.random() / 10);
    this.expiry.set(session, expiry);
    return expiry;
  }
}
