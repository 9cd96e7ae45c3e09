import { once } from 'node:events';
import net from 'node:net';

/** A network between a session and the server: it delays, it can be cut, and it counts round trips. */
export interface TcpProxy {
  readonly port: number;
  /** How often a client has sent something after the last answer that it was given: each time is a round trip. */
  readonly bursts: number;
  /** Ends every connection through the proxy at once, as a pulled cable does. */
  cut(): void;
  close(): Promise<void>;
}

/** @param delayMs one-way delay, in milliseconds; order is kept */
export async function startTcpProxy(
  target: { readonly host: string; readonly port: number },
  delayMs: number,
): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  let bursts = 0;
  const carry = (from: net.Socket, to: net.Socket, onDelivery?: () => void) => {
    sockets.add(from);
    from.on('data', (chunk) =>
      setTimeout(() => {
        onDelivery?.();
        if (to.writable) to.write(chunk);
      }, delayMs),
    );
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      setTimeout(() => to.destroy(), delayMs);
    });
  };
  const server = net.createServer((client) => {
    const upstream = net.connect({ ...target, noDelay: true });
    let isAnswered = true;
    client.on('data', () => {
      if (isAnswered) bursts += 1;
      isAnswered = false;
    });
    carry(client, upstream);
    carry(upstream, client, () => {
      isAnswered = true;
    });
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
    get bursts() {
      return bursts;
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
