import { once } from 'node:events';
import net from 'node:net';

/** A network between a session and the server: it delays, and it can be cut or fall silent. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection through the proxy at once, as a pulled cable does. */
  cut(): void;
  /** Carries nothing any more, in either direction, and says nothing about it: what is sent is lost. */
  silence(): void;
  close(): Promise<void>;
}

/** @param delayMs one-way delay, in milliseconds; order is kept */
export async function startTcpProxy(
  target: { readonly host: string; readonly port: number },
  delayMs: number,
): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  let isSilent = false;
  const carry = (from: net.Socket, to: net.Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => setTimeout(() => !isSilent && to.writable && to.write(chunk), delayMs));
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      setTimeout(() => to.destroy(), delayMs);
    });
  };
  const server = net.createServer((client) => {
    const upstream = net.connect({ ...target, noDelay: true });
    carry(client, upstream);
    carry(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut,
    silence: () => {
      isSilent = true;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
