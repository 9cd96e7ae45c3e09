import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { DelayProxy } from './delay-proxy.js';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that answers every full stop, and a client of it through the proxy. */
async function connected(): Promise<{ proxy: DelayProxy; client: net.Socket }> {
  const server = net.createServer((socket) => {
    socket.on('data', (bytes) => {
      for (const letter of bytes.toString()) if (letter === '.') socket.write(`${socket.bytesRead};`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const proxy = await DelayProxy.start({ host: '127.0.0.1', port }, 1);
  const client = net.connect({
    host: '127.0.0.1',
    port: Number(new URL(proxy.url('postgres://127.0.0.1:1/book')).port),
  });
  await once(client, 'connect');
  closing.push(
    () => server.close(),
    () => proxy[Symbol.asyncDispose](),
    () => client.destroy(),
  );
  return { proxy, client };
}

async function answerTo(client: net.Socket, ...pieces: readonly string[]): Promise<string> {
  for (const piece of pieces) client.write(piece);
  const [bytes] = (await once(client, 'data')) as [Buffer];
  return bytes.toString();
}

it('The proxy counts as one burst what a client sends before anything has come back, and keeps its order', async () => {
  const { proxy, client } = await connected();
  expect(await answerTo(client, 'select', ' 1', '.')).toBe('9;');
  expect(proxy.bursts).toBe(1);
  expect(await answerTo(client, '.')).toBe('10;');
  expect(await answerTo(client, 'commit', '.')).toBe('17;');
  expect(proxy.bursts).toBe(3);
});
