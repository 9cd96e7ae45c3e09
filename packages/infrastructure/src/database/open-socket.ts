import net from 'node:net';
import { ConnectionError } from '@blotter/application';
import { addressOf, type Server } from './servers.js';
import { startTls } from './start-tls.js';
import type { TlsSettings } from './tls-settings.js';

/**
 * A socket to a server, encrypted where the settings say so, on which nothing was said yet.
 * @throws ConnectionError CONNECTION_FAILED when nothing answers before the signal ends the wait; TLS_FAILED
 */
export async function openSocket(
  server: Server,
  settings: TlsSettings,
  signal: AbortSignal,
  { holdsProcess = true } = {},
): Promise<net.Socket> {
  const plain = net.connect({ host: server.address ?? server.host, port: server.port, noDelay: true });
  // Without a listener of ours, an error after the driver has let go would end the process.
  plain.on('error', () => undefined);
  if (!holdsProcess) plain.unref();
  const giveUp = () => plain.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await connected(plain, server);
    return await startTls(plain, server, settings);
  } catch (error) {
    plain.destroy();
    throw signal.aborted ? noAnswer(server) : error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function connected(socket: net.Socket, server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => {
      reject(noAnswer(server));
    };
    socket.once('close', failed);
    socket.once('connect', () => {
      socket.off('close', failed);
      resolve();
    });
  });
}

function noAnswer(server: Server): ConnectionError {
  return new ConnectionError(
    'CONNECTION_FAILED',
    `No database server answers at ${addressOf(server)}. Start it, or correct DATABASE_URL.`,
  );
}
