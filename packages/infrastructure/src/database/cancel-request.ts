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
/** How long to wait for a connection, and again for the server's word; nobody waits with it, and no process stays for it. */
const PATIENCE_MS = 10_000;

/**
 * Asks the server to stop what a session is doing, over a connection as safe as the session's. For a session that is being
 * thrown away, and for no other: the request names a process, not a statement, so on one that lives on it could hit whatever
 * runs next. Settles when the server has taken the request, or was silent for too long; it says nothing of its success.
 */
export async function requestCancel(server: Server, settings: TlsSettings, key: BackendKey): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const socket = await openSocket(server, settings, signal, { holdsProcess: false }).catch(() => undefined);
  if (!socket) return;
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      resolve();
    }),
  );
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  // The server answers by closing. It must be the first to do so: PgBouncer 1.18 ends (all of it) when a client closes its
  // side after the request and before the server behind has taken it.
  socket.resume();
  socket.write(cancelRequest(key));
  await closed;
}

function cancelRequest(key: BackendKey): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  // Both have 32 bits and no sign: PgBouncer makes up the first one, too.
  message.writeUInt32BE(key.pid, 8);
  message.writeUInt32BE(key.secret, 12);
  return message;
}
