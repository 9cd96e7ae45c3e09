import type { BlotterError } from '@blotter/domain';
import type { Session } from './session.js';

/** The connection is gone, or its server is going: what was asked of it last may have been done. */
const SILENT_CODES: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'SERVER_UNAVAILABLE']);

/** Whether the error means that no answer came, rather than that the server refused. */
export function isSilence(error: BlotterError, { endedBy }: Session): boolean {
  return error === endedBy || SILENT_CODES.has(error.code) || (error.code === 'TIMEOUT' && error.cause === undefined);
}
