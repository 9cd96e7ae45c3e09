import { once } from 'node:events';
import net from 'node:net';

/**
 * A network a millisecond longer: what a client sends arrives so much later, in order. It counts the client's bursts: how often
 * one sends after the server has spoken. Within a burst nothing has come back yet, for it takes the millisecond to get there.
 */
export class DelayProxy implements AsyncDisposable {
  static async start(target: { readonly host: string; readonly port: number }, delayMs: number): Promise<DelayProxy> {
    const proxy = new DelayProxy(target, delayMs);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** Of all clients, so far. */
  bursts = 0;

  private readonly server = net.createServer({ noDelay: true }, (client) => {
    this.connect(client);
  });

  private constructor(
    private readonly target: { readonly host: string; readonly port: number },
    private readonly delayMs: number,
  ) {}

  /** The URL, led through here. */
  url(direct: string): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    const url = new URL(direct);
    url.port = String(address.port);
    return url.href;
  }

  /** Connections are ended by their clients before. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: net.Socket): void {
    const server = net.connect({ ...this.target, noDelay: true });
    let serverSpokeLast = true;
    client.on('data', (bytes) => {
      if (serverSpokeLast) this.bursts += 1;
      serverSpokeLast = false;
      setTimeout(() => server.write(bytes), this.delayMs);
    });
    server.on('data', (bytes) => {
      serverSpokeLast = true;
      client.write(bytes);
    });
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.once('close', () => setTimeout(() => server.destroy(), this.delayMs));
    server.once('close', () => client.destroy());
  }
}
