import { once } from 'node:events';
import net from 'node:net';
import type { Pace } from './lane.js';
import { Link } from './link.js';

/** Where a proxy leads to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A network between a contestant and the server: it delays, trickles, falls silent, and can be cut. */
export class TcpProxy {
  static async start(target: Address, pace: Pace = { delayMs: 0 }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, pace);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** For connections that are opened from now on. */
  pace: Pace;
  /** For connections that are opened from now on. */
  target: Address;
  /** Called when a client's COMMIT has arrived, before it goes on. */
  onCommit: (link: Link) => void = () => undefined;

  private readonly open = new Set<Link>();
  private readonly server = net.createServer({ noDelay: true }, (client) => {
    this.connect(client);
  });

  private constructor(target: Address, pace: Pace) {
    this.target = target;
    this.pace = pace;
  }

  /** The connections whose client is still there. */
  get links(): readonly Link[] {
    return [...this.open].filter(({ isOpen }) => isOpen);
  }

  /** The URL, led through here. */
  url(direct: string): string {
    const url = new URL(direct);
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    return url.href;
  }

  /** Cuts every connection at once. */
  cut(): void {
    for (const link of this.open) link.cut();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: net.Socket): void {
    const server = net.connect({ ...this.target, noDelay: true });
    const link = new Link(
      client,
      server,
      this.pace,
      (committing) => {
        this.onCommit(committing);
      },
      (closed) => this.open.delete(closed),
    );
    this.open.add(link);
  }
}
