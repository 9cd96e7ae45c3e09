import { once } from 'node:events';
import net from 'node:net';

/** A network between a session and the server: it delays, it can be cut or fall silent, and it counts round trips. */
export interface TcpProxy {
  readonly port: number;
  /** How often a client has sent something after the last answer that it was given: each time is a round trip. */
  readonly bursts: number;
  /** Ends every connection through the proxy at once, as a pulled cable does. */
  cut: () => void;
  /** On the connections there are, carries nothing any more and says nothing about it: what is sent is lost. New ones work. */
  silence(): void;
  /** From now on ends new connections at once; those there are go on. */
  refuse(): void;
  /** How many it has ended so. */
  readonly refused: number;
  close(): Promise<void>;
}

/**
 * @param delayMs one-way delay, in milliseconds; order is kept
 * @param port a port of its own choice unless it is given
 */
export async function startTcpProxy(
  target: { readonly host: string; readonly port: number },
  delayMs: number,
  port = 0,
): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>();
  const silenced = new WeakSet<net.Socket>();
  let bursts = 0;
  let isRefusing = false;
  let refused = 0;
  const carry = (from: net.Socket, to: net.Socket, onDelivery?: () => void) => {
    sockets.add(from);
    from.on('data', (chunk) =>
      setTimeout(() => {
        if (silenced.has(from)) return;
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
    if (isRefusing) {
      refused += 1;
      client.destroy();
      return;
    }
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
  server.listen(port, '127.0.0.1');
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
    silence: () => {
      for (const socket of sockets) silenced.add(socket);
    },
    refuse: () => {
      isRefusing = true;
    },
    get refused() {
      return refused;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
