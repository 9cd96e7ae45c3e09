import type net from 'node:net';
import type { BlotterError } from '@blotter/domain';
import { connectError } from './connect-error.js';
import type { DatabaseConfig } from './database-config.js';
import { openSocket } from './open-socket.js';
import type { Server } from './server.js';
import { connectionLost } from './translate-error.js';

/** What a session says of itself before it is used. */
export interface Greeting {
  readonly pid: number;
}

/** The first statement of a session; that it is answered says that the session works. */
export const GREETING = 'select pg_backend_pid() as pid';

/** A session that is being opened over a socket of its own. */
interface Opening {
  /** Sends the first statement. */
  greet(): Promise<unknown>;
  destroy(error: BlotterError): void;
}

/**
 * Opens a session within the connect timeout, from the first packet to the answer to its first statement.
 * @throws ConnectionError CONNECTION_FAILED, TLS_FAILED, AUTHENTICATION_FAILED, DATABASE_MISSING, SERVER_UNAVAILABLE
 */
export function connect<Session extends Opening>(
  config: DatabaseConfig,
  open: (socket: net.Socket) => Session,
): Promise<Session> {
  const { host, port, connectTimeoutMs } = config.settings;
  return connectTo({ host, port }, config, connectTimeoutMs, open);
}

async function connectTo<Session extends Opening>(
  server: Server,
  config: DatabaseConfig,
  timeoutMs: number,
  open: (socket: net.Socket) => Session,
): Promise<Session> {
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = await openSocket(server, config.tls(), signal);
  let failure: NodeJS.ErrnoException | undefined;
  socket.once('error', (error) => {
    failure = error;
  });
  const session = open(socket);
  const giveUp = () => {
    session.destroy(connectionLost());
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await session.greet();
    return session;
  } catch (error) {
    giveUp();
    throw connectError(error, server, failure);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
