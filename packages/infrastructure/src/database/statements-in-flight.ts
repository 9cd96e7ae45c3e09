import { TimeoutError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { connectionLost } from './translate-error.js';

/** A statement that was sent and not yet answered. */
export interface StatementInFlight {
  /** On the clock of `performance.now()`, which nobody sets back. */
  readonly sentAt: number;
  readonly reject: (error: BlotterError) => void;
}

interface Link extends StatementInFlight {
  next: Link | undefined;
}

/** By this much the server, which has the same timeout for each statement, is let speak first. */
const GRACE_MS = 50;

/**
 * What a session has sent and the server has not yet answered, oldest first. Answers come in order, so the oldest statement is
 * the one that the server is at, and it began when the one before it was answered: one timer watches them all.
 */
export class StatementsInFlight {
  // A chain, for what is answered is nearly always the first: a Set would hash each statement twice, an array be copied when it is long.
  private oldest: Link | undefined;
  private newest: Link | undefined;
  /** How many they are. */
  size = 0;
  /** On the clock of `performance.now()`; 0 before the first. */
  lastAnswerAt = 0;
  private watch: NodeJS.Timeout | undefined;

  /** @param onSilence is called when the server has said nothing for the command timeout; the statements that waited it out know by then */
  constructor(
    private readonly commandTimeoutMs: number,
    private readonly onSilence: () => void,
  ) {}

  add(reject: (error: BlotterError) => void): StatementInFlight {
    const statement: Link = { sentAt: performance.now(), reject, next: undefined };
    if (this.newest) this.newest.next = statement;
    else this.oldest = statement;
    this.newest = statement;
    this.size += 1;
    this.armWatch();
    return statement;
  }

  answered(statement: StatementInFlight): void {
    this.remove(statement);
    this.lastAnswerAt = performance.now();
  }

  /** There will be no more answers. */
  rejectAll(error: BlotterError): void {
    clearTimeout(this.watch);
    const waiting = [...this.inOrder()];
    this.oldest = this.newest = undefined;
    this.size = 0;
    for (const { reject } of waiting) reject(error);
  }

  /** Nothing, when it is there no more. */
  private remove(statement: StatementInFlight): void {
    let before: Link | undefined;
    let link = this.oldest;
    while (link && link !== statement) {
      before = link;
      link = link.next;
    }
    if (!link) return;
    if (before) before.next = link.next;
    else this.oldest = link.next;
    if (this.newest === link) this.newest = before;
    // Else one that has grown old would keep all that came after it.
    link.next = undefined;
    this.size -= 1;
  }

  private *inOrder(): Generator<Link> {
    for (let link = this.oldest; link; link = link.next) yield link;
  }

  private armWatch(): void {
    if (this.watch) return;
    const patience = this.commandTimeoutMs + GRACE_MS;
    const check = () => {
      this.watch = undefined;
      const { oldest } = this;
      if (!oldest) return;
      const left = Math.max(oldest.sentAt, this.lastAnswerAt) + patience - performance.now();
      if (left > 0) this.watch = setTimeout(check, left);
      else this.fellSilent(oldest);
    };
    this.watch = setTimeout(check, patience);
    this.watch.unref();
  }

  /** The statement that waited in vain has had its time. Those behind it have not: to them, the connection was lost. */
  private fellSilent(oldest: StatementInFlight): void {
    const error = new TimeoutError(
      'TIMEOUT',
      'The database did not answer within the command timeout; the session was thrown away.',
      { cause: connectionLost() },
    );
    this.remove(oldest);
    oldest.reject(error);
    const late = [...this.inOrder()].filter(({ sentAt }) => performance.now() - sentAt >= this.commandTimeoutMs);
    for (const { reject } of late) reject(error);
    this.onSilence();
  }
}
