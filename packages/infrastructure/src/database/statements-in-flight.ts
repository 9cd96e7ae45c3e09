import { TimeoutError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { connectionLost } from './translate-error.js';

/** A statement that was sent and not yet answered. */
export interface StatementInFlight {
  /** On the clock of `performance.now()`, which nobody sets back. */
  readonly sentAt: number;
  readonly reject: (error: BlotterError) => void;
}

/** By this much the server, which has the same timeout for each statement, is let speak first. */
const GRACE_MS = 50;

/**
 * What a session has sent and the server has not yet answered, oldest first. Answers come in order, so the oldest statement is
 * the one that the server is at, and it began when the one before it was answered: one timer watches them all.
 */
export class StatementsInFlight {
  private readonly statements = new Set<StatementInFlight>();
  /** On the clock of `performance.now()`; 0 before the first. */
  lastAnswerAt = 0;
  private watch: NodeJS.Timeout | undefined;

  /** @param onSilence is called when the server has said nothing for the command timeout; the statements that waited it out know by then */
  constructor(
    private readonly commandTimeoutMs: number,
    private readonly onSilence: () => void,
  ) {}

  get size(): number {
    return this.statements.size;
  }

  add(reject: (error: BlotterError) => void): StatementInFlight {
    const statement = { sentAt: performance.now(), reject };
    this.statements.add(statement);
    this.armWatch();
    return statement;
  }

  answered(statement: StatementInFlight): void {
    this.statements.delete(statement);
    this.lastAnswerAt = performance.now();
  }

  /** There will be no more answers. */
  rejectAll(error: BlotterError): void {
    clearTimeout(this.watch);
    const waiting = [...this.statements];
    this.statements.clear();
    for (const { reject } of waiting) reject(error);
  }

  private armWatch(): void {
    if (this.watch) return;
    const patience = this.commandTimeoutMs + GRACE_MS;
    const check = () => {
      this.watch = undefined;
      const [oldest] = this.statements;
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
    this.statements.delete(oldest);
    oldest.reject(error);
    const late = [...this.statements].filter(({ sentAt }) => performance.now() - sentAt >= this.commandTimeoutMs);
    for (const { reject } of late) reject(error);
    this.onSilence();
  }
}
