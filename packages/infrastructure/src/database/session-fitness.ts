import { Interruption } from '@blotter/application';
import type { DatabaseConfig } from './database-config.js';
import type { Session } from './session.js';
import { connectionLost } from './translate-error.js';

/** How long a session may take to say that it is still there, in milliseconds. */
const ANSWER_MS = 1_000;

/**
 * Says which sessions may be given more work. One for all sessions of a database, whatever they are for: what makes some of
 * them useless, such as a failover, does so to all.
 */
export class SessionFitness {
  private readonly expiry = new WeakMap<Session, number>();
  private renewedAt = 0;

  constructor(private readonly config: DatabaseConfig) {}

  /** From now on sessions that were opened before are replaced instead of used: what they know of the server is outdated. */
  renew(): void {
    this.renewedAt = performance.now();
  }

  /** Whether it is alive, has not lived its time, and was opened since the last renewal. */
  isFit(session: Session): boolean {
    return session.isUsable && session.openedAt >= this.renewedAt && performance.now() < this.expiryOf(session);
  }

  /** Whether it is fit, and was heard of so lately that it need not be asked. What has work in flight is watched anyway. */
  isFresh(session: Session): boolean {
    const silentFor = performance.now() - session.lastAnswerAt;
    return this.isFit(session) && (session.load > 0 || silentFor < this.config.settings.validateAfterMs);
  }

  /**
   * Whether it is fit; one that has been silent for long is asked. A network that has forgotten its connections says nothing of
   * it, so where one does not answer, all that were there when it was asked are replaced, unasked.
   */
  async check(session: Session): Promise<boolean> {
    if (this.isFresh(session)) return true;
    if (!this.isFit(session)) return false;
    const askedAt = performance.now();
    if (await answers(session)) return true;
    session.destroy(connectionLost());
    this.renewedAt = Math.max(this.renewedAt, askedAt);
    return false;
  }

  /** Up to a tenth less than the lifetime, so that sessions opened together do not all end together. */
  private expiryOf(session: Session): number {
    const known = this.expiry.get(session);
    if (known !== undefined) return known;
    const expiry = session.openedAt + this.config.settings.maxLifetimeMs * (1 - Math.random() / 10);
    this.expiry.set(session, expiry);
    return expiry;
  }
}

async function answers(session: Session): Promise<boolean> {
  const interruption = new Interruption({ timeoutMs: ANSWER_MS });
  try {
    await interruption.orInterrupted(session.command('select 1').answer);
    return true;
  } catch {
    return false;
  } finally {
    interruption.end();
  }
}
