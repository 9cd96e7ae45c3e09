import { context, trace, type Context, type Span } from '@opentelemetry/api';
import type { Server } from '../database/servers.js';
import { carefully } from './carefully.js';
import { OWN_ATTRIBUTE } from './conventions.js';
import { codeOf } from './failure.js';
import type { Operations } from './operations.js';
import { transactionQuery, type Query } from './query.js';

/**
 * The span of one transaction, from the wait for its session to its end, and those of its statements under it. A statement is a
 * span of its own, not a burst: each has its own answer and its own error, and that they travel together is seen by their times.
 */
export class TransactionTrace {
  /** Where the transaction was made: what is active there is its parent. */
  private readonly madeIn: Context = context.active();
  private readonly madeUnder: Span | undefined = trace.getSpan(this.madeIn);
  private operation: ReturnType<Operations['begin']> | undefined;
  private inside: Context = this.madeIn;

  constructor(
    private readonly operations: Operations,
    private readonly name: string | undefined,
  ) {}

  /** With the first statement: a unit of work that asks nothing has no span. */
  begin(): void {
    if (this.operation) return;
    this.operation = this.operations.begin(transactionQuery(this.name), this.madeIn);
    if (this.operation.span) this.inside = trace.setSpan(this.madeIn, this.operation.span);
  }

  /** On a session of that server. */
  at(server: Server): void {
    this.operation?.at(server);
  }

  /** Runs what is asked elsewhere on behalf of the transaction. */
  within<Result>(work: () => Result): Result {
    this.begin();
    return context.with(this.parent(), work);
  }

  ask<Result>(server: Server, query: Query, send: () => Promise<Result>): Promise<Result> {
    return this.operations.ask(server, query, send, this.parent());
  }

  /** The first end is the one that counts. */
  end(committed: boolean, error?: unknown): void {
    const isUnknown = error !== undefined && codeOf(error) === 'AMBIGUOUS_COMMIT';
    const outcome = committed ? 'committed' : isUnknown ? 'unknown' : 'rolled back';
    carefully(() => this.operation?.span?.setAttribute(OWN_ATTRIBUTE.outcome, outcome));
    this.operation?.end(error);
    this.operation = undefined;
  }

  /** The transaction; or the span that the caller has opened within it, which knows better what the statement is for. */
  private parent(): Context {
    const active = context.active();
    return trace.getSpan(active) === this.madeUnder ? this.inside : active;
  }
}
