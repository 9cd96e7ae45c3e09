import { silentLogger, type Logger, type Retry } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { context, ROOT_CONTEXT, SpanKind, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { DatabaseConfig } from '../database/database-config.js';
import { addressOf } from '../database/servers.js';
import type { Session } from '../database/session.js';
import { carefulLogger } from './careful-logger.js';
import { carefully } from './carefully.js';
import { OWN_ATTRIBUTE, ATTRIBUTE } from './conventions.js';
import { codeOf, failureOf, markFailed } from './failure.js';
import { installedTracer, Operations } from './operations.js';
import { TransactionTrace } from './transaction-trace.js';

/** Ends of a session that nobody of ours has asked for. */
const LOSSES: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'SERVER_UNAVAILABLE']);

/** What a database tells of itself: log lines to the logger that it was given, spans and metrics to the SDK of the program. */
export class Telemetry {
  readonly log: Logger;
  /** Undefined where the program has no SDK. */
  readonly operations: Operations | undefined;
  private readonly tracer: Tracer | undefined = installedTracer();

  constructor(config: DatabaseConfig, logger: Logger = silentLogger) {
    this.log = carefulLogger(logger);
    this.operations = Operations.installed(config);
  }

  transaction(name: string | undefined): TransactionTrace | undefined {
    return this.operations && new TransactionTrace(this.operations, name);
  }

  /** Tells of a session that was opened in so many milliseconds, and how it ends. */
  watch(session: Session, tookMs: number): void {
    const attributes = { server: addressOf(session.server), backendPid: session.backendPid };
    this.log.debug('session opened', { ...attributes, tookMs: Math.round(tookMs) });
    session.onEnd(() => {
      const code = session.endedBy?.code ?? '';
      if (session.wasClosed) this.log.debug('session closed', attributes);
      else if (LOSSES.has(code)) this.log.warn('session lost', { ...attributes, code });
      else this.log.debug('session thrown away', { ...attributes, code });
    });
  }

  /** Nobody knows whether the transaction was committed, and somebody should know that. */
  ambiguous(transaction: string | undefined, error: BlotterError): void {
    this.log.error('commit is ambiguous', {
      transaction,
      code: error.cause === undefined ? undefined : codeOf(error.cause),
    });
  }

  /** Runs work with its repetitions under a span of its own, so that what belongs together is found together. */
  observe<Result>(name = 'work', work: (onRetry: (retry: Retry) => void) => Promise<Result>): Promise<Result> {
    const { tracer } = this;
    const span = tracer && carefully(() => tracer.startSpan(name, { kind: SpanKind.INTERNAL }));
    if (span) return this.observeUnder(span, name, work);
    return work((retry) => {
      this.tellRetry(name, retry);
    });
  }

  /** Runs what is done for many at once: under what happens to be active, it would be in the trace of one of them. */
  detached<Result>(work: () => Result): Result {
    return context.with(ROOT_CONTEXT, work);
  }

  private async observeUnder<Result>(
    span: Span,
    name: string,
    work: (onRetry: (retry: Retry) => void) => Promise<Result>,
  ): Promise<Result> {
    let attempts = 1;
    try {
      return await context.with(trace.setSpan(context.active(), span), () =>
        work((retry) => {
          attempts += 1;
          this.tellRetry(name, retry);
          carefully(() =>
            span.addEvent('retry', {
              [OWN_ATTRIBUTE.attempt]: retry.attempt,
              [ATTRIBUTE.error]: codeOf(retry.error),
              [OWN_ATTRIBUTE.wait]: retry.waitMs,
            }),
          );
        }),
      );
    } catch (error) {
      carefully(() => {
        markFailed(span, error, failureOf(error));
      });
      throw error;
    } finally {
      carefully(() => {
        span.setAttribute(OWN_ATTRIBUTE.attempts, attempts);
        span.end();
      });
    }
  }

  private tellRetry(work: string, { attempt, error, waitMs }: Retry): void {
    this.log.info('work is repeated', { work, attempt, code: codeOf(error), waitMs: Math.round(waitMs) });
  }
}
