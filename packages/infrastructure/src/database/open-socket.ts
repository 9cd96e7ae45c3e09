import net from 'node:net';
import { ConnectionError } from '@blotter/application';
import { addressOf, type Server } from './servers.js';
import { startTls } from './start-tls.js';
import type { TlsSettings } from './tls-settings.js';

/** As many as Node itself reads at once. */
const READ_BYTES = 65_536;

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
  const plain = connectingSocket(server);
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

/**
 * Reads into one buffer of its own. Node would otherwise allocate 64 KiB for each read, of which a short answer fills a hundredth,
 * and pass it through the queue of a stream: a twentieth of what a point select takes. Whoever listens for `data` is told by hand,
 * and given a copy: the driver keeps what has come of a message until the rest of it has.
 */
function connectingSocket({ host, address, port }: Server): net.Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (size: number) => {
    const read = Buffer.from(buffer.subarray(0, size));
    // The socket keeps the buffer, and what was read is nobody's to find there.
    buffer.fill(0, 0, size);
    socket.emit('data', read);
    return true;
  };
  const socket = net.connect({ host: address ?? host, port, noDelay: true, onread: { buffer, callback } });
  return socket;
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
