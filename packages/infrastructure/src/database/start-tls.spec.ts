import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openSocket } from './open-socket.js';
import { TlsSettings, type TlsMode } from './tls-settings.js';

const SSL_REQUEST = '0000000804d2162f';

let server: net.Server | undefined;
const sockets = new Set<net.Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
});

/** A server that answers the first packet with these bytes, and says nothing more. */
async function answering(bytes: string | undefined): Promise<{ host: string; port: number; received: string[] }> {
  const received: string[] = [];
  server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.toString('hex'));
      if (received.length > 1) return;
      if (bytes === undefined) socket.end();
      else socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, received };
}

const opening = async (sslMode: TlsMode, bytes: string | undefined, timeoutMs = 10_000) => {
  const { host, port, received } = await answering(bytes);
  const socket = openSocket({ host, port }, TlsSettings.of({ sslMode }), AbortSignal.timeout(timeoutMs));
  return { socket, received };
};

test('plain bytes behind the answer are refused: they would be taken as if they had come encrypted (CVE-2021-23222)', async () => {
  const { socket, received } = await opening('require', 'Sinjected');
  await expect(socket).rejects.toMatchObject({
    code: 'TLS_FAILED',
    message: expect.stringMatching(/tamper/) as string,
  });
  expect(received).toEqual([SSL_REQUEST]);
});

test('they are refused where the server declines TLS, too', async () => {
  const { socket } = await opening('prefer', 'Ninjected');
  await expect(socket).rejects.toMatchObject({ code: 'TLS_FAILED' });
});

test('bytes that are no handshake, sent after the answer, are an error of TLS', async () => {
  const { socket, received } = await opening('require', 'S');
  await expect.poll(() => received.length).toBe(2);
  for (const accepted of sockets) accepted.write('this is no handshake');
  await expect(socket).rejects.toMatchObject({ code: 'TLS_FAILED' });
});

test.each([
  ['an old server’s error', 'E\0\0\0\0'],
  ['another protocol', 'H'],
  ['an end of the connection', undefined],
])('%s instead of an answer is CONNECTION_FAILED', async (_, bytes) => {
  const { socket } = await opening('prefer', bytes);
  await expect(socket).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});

test.each<[string, string]>([
  ['to the request', ''],
  ['to the handshake', 'S'],
])('silence %s ends with the connect timeout, and the socket is closed', async (_, bytes) => {
  const { socket } = await opening('require', bytes, 200);
  await expect(socket).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  await expect.poll(() => [...sockets].every((accepted) => accepted.destroyed || accepted.readableEnded)).toBe(true);
});

test('mode disable asks for nothing', async () => {
  const { socket, received } = await opening('disable', 'S');
  (await socket).write('x');
  await expect.poll(() => received).toEqual(['78']);
  (await socket).destroy();
});

test('a server that declines is used plain in mode prefer, and no byte of it is lost', async () => {
  const { socket } = await opening('prefer', 'N');
  const plain = await socket;
  for (const accepted of sockets) accepted.write('hello');
  const [chunk] = (await once(plain, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('hello');
  plain.destroy();
});
