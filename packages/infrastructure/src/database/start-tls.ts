import net from 'node:net';
import tls from 'node:tls';
import { ConnectionError } from '@blotter/application';
import { addressOf, type Server } from './servers.js';
import { tlsFailed } from './tls-error.js';
import type { TlsSettings } from './tls-settings.js';

/** SSLRequest of PostgreSQL's protocol: its length, and a code that is no version. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Encrypts a connection as the settings say, before anything else is sent on it: PostgreSQL is asked, answers with one byte,
 * and node:tls does the rest. Returns the same socket where the mode leaves it plain.
 * @throws ConnectionError TLS_FAILED, or CONNECTION_FAILED when the answer is not PostgreSQL's
 */
export async function startTls(socket: net.Socket, server: Server, settings: TlsSettings): Promise<net.Socket> {
  if (settings.mode === 'disable') return socket;
  socket.write(SSL_REQUEST);
  const answer = await firstBytes(socket);
  const byte = answer?.toString('latin1', 0, 1);
  if (byte !== 'S' && byte !== 'N') throw notPostgres(server);
  // Whoever stands between could append plain bytes, for us to take as the server's once the line is encrypted (CVE-2021-23222).
  if (answer?.length !== 1) {
    throw tlsFailed(
      server,
      'more was sent than the answer to the request for it. Something between may tamper with it',
    );
  }
  if (byte === 'S') return handshake(socket, server, settings);
  if (settings.mode === 'prefer') return socket;
  throw tlsFailed(
    server,
    `the server does not offer it, and the mode is ${settings.mode}. Turn ssl on at the server, or correct DATABASE_SSL_MODE`,
  );
}

/** Undefined when the connection ends first. Nothing else comes before the next is sent, unless somebody tampers with it. */
function firstBytes(socket: net.Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const ended = () => {
      resolve(undefined);
    };
    socket.once('close', ended);
    socket.once('data', (bytes: Buffer) => {
      socket.off('close', ended);
      resolve(bytes);
    });
  });
}

function handshake(socket: net.Socket, server: Server, settings: TlsSettings): Promise<net.Socket> {
  const options: tls.ConnectionOptions = {
    // The options are kept on the socket, for any inspect to show; in a context the key is out of sight.
    secureContext: tls.createSecureContext(settings.material()),
    socket,
    rejectUnauthorized: settings.checksAuthority,
    checkServerIdentity: (_, certificate) =>
      settings.checksName ? tls.checkServerIdentity(server.host, certificate) : undefined,
    // Servers of many names choose their certificate by it; an address is no name.
    ...(net.isIP(server.host) === 0 && { servername: server.host }),
  };
  return new Promise((resolve, reject) => {
    const secured = tls.connect(options);
    let failure: NodeJS.ErrnoException | undefined;
    secured.on('error', (error) => {
      failure ??= error;
    });
    const failed = () => {
      reject(tlsFailed(server, failure ?? 'the connection ended before it was agreed on. See the log of the server'));
    };
    secured.once('close', failed);
    secured.once('secureConnect', () => {
      secured.off('close', failed);
      resolve(secured);
    });
  });
}

function notPostgres(server: Server): ConnectionError {
  return new ConnectionError(
    'CONNECTION_FAILED',
    `What answers at ${addressOf(server)} does not speak PostgreSQL. Correct DATABASE_URL.`,
  );
}
