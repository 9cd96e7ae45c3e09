import type { BlotterError } from '@blotter/domain';
import { PostgresFault } from './postgres-fault.js';
import type { Session } from './session.js';

/** The connection is gone, or its server is going: what was asked of it last may have been done. */
const SILENT_CODES: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'SERVER_UNAVAILABLE']);

/** Whether the error means that no answer came, rather than that the server refused. */
export function isSilence(error: BlotterError, { endedBy }: Session): boolean {
  // The server says so when it has timed out a statement; that it said nothing for as long is our own finding.
  const hasWaitedInVain = error.code === 'TIMEOUT' && !(error.cause instanceof PostgresFault);
  return error === endedBy || SILENT_CODES.has(error.code) || hasWaitedInVain;
}
