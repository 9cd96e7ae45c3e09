import { openSocket } from './open-socket.js';
import type { Server } from './servers.js';
import type { TlsSettings } from './tls-settings.js';

/** What the server gave a session to be recognised by in a cancel request. */
export interface BackendKey {
  readonly pid: number;
  readonly secret: number;
}

/** The code of a CancelRequest (PostgreSQL's manual, Message Formats). */
const CANCEL_REQUEST = 80877102;
const PATIENCE_MS = 1_000;

/**
 * Asks the server to stop what a session is doing, over a connection as safe as the session's. For a session that is being
 * thrown away, and for no other: the request names a process, not a statement, so on one that lives on it could hit whatever
 * runs next. Says nothing of its success.
 */
export function requestCancel(server: Server, settings: TlsSettings, key: BackendKey): void {
  openSocket(server, settings, AbortSignal.timeout(PATIENCE_MS)).then(
    (socket) => {
      socket.setTimeout(PATIENCE_MS, () => socket.destroy());
      socket.unref();
      socket.end(cancelRequest(key));
    },
    () => undefined,
  );
}

function cancelRequest(key: BackendKey): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(key.pid, 8);
  // The secret has 32 bits and no sign.
  message.writeUInt32BE(key.secret, 12);
  return message;
}
