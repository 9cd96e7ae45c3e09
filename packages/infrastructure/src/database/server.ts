/** Where a database server listens. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

/** As people and URLs write it: host:port, an IPv6 address in brackets. */
export function addressOf({ host, port }: Server): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
