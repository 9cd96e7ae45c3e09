import type { BlotterError } from '@blotter/domain';

/** A statement that was given to the driver. */
export interface Sent<Result> {
  readonly result: Promise<Result>;
  /** Whether the driver has handed the statement to the wire; while false, the server cannot have seen it. */
  readonly wasWritten: () => boolean;
}

/** What was refused before the driver had it. */
export function unsent<Result>(error: BlotterError): Sent<Result> {
  const result = Promise.reject<Result>(error);
  result.catch(() => undefined);
  return { result, wasWritten: () => false };
}
