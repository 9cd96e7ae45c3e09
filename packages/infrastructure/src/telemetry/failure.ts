import { BlotterError } from '@blotter/domain';
import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { faultOf } from '../database/postgres-fault.js';
import { translateError } from '../database/translate-error.js';
import { ATTRIBUTE } from './conventions.js';

/** What an error is called: the SQLSTATE where the server said one, else the code of the error, else its class. */
export function failureOf(error: unknown): Attributes {
  const sqlState = faultOf(error)?.sqlState;
  if (sqlState !== undefined) return { [ATTRIBUTE.error]: sqlState, [ATTRIBUTE.status]: sqlState };
  return { [ATTRIBUTE.error]: codeOf(error) };
}

export function codeOf(error: unknown): string {
  if (error instanceof BlotterError) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

/** The error itself is never recorded: that of the driver or of drizzle holds the statement's parameters, and a caller's may. */
export function markFailed(span: Span, error: unknown, failure: Attributes): void {
  span.setAttributes(failure);
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

function messageOf(error: unknown): string {
  const isOurs = error instanceof BlotterError || faultOf(error) !== undefined;
  return isOurs ? translateError(error).message : codeOf(error);
}
