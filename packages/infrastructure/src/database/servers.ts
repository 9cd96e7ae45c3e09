import { ConfigurationError } from '@blotter/application';

/** Where a database server listens. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** Where the name has led before. Without it, the name is looked up. */
  readonly address?: string;
}

/** As people and URLs write it: host:port, an IPv6 address in brackets. */
export function addressOf({ host, port }: Server): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The servers of two lists with commas: hosts, and as many ports or one for all.
 * @throws ConfigurationError
 */
export function serversOf(hosts: string, ports: string): readonly Server[] {
  const names = hosts.split(',').map((name) => name.trim());
  const numbers = ports.split(',').map((number) => Number(number.trim() || Number.NaN));
  if (names.includes('')) throw new ConfigurationError('DATABASE_HOST: a host in the list is empty.');
  // A path in the file system is a socket to libpq; here it would be looked up as the name of a host.
  if (names.some((name) => name.startsWith('/'))) {
    throw new ConfigurationError(
      'DATABASE_HOST: a socket in the file system is not supported. Name the host that the server listens on, such as localhost.',
    );
  }
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 65_535)) {
    throw new ConfigurationError('DATABASE_PORT: a port is a whole number from 1 to 65535.');
  }
  if (numbers.length !== 1 && numbers.length !== names.length) {
    throw new ConfigurationError(
      `DATABASE_PORT: ${numbers.length} ports for ${names.length} hosts. Give one for each, or one for all.`,
    );
  }
  return names.map((host, index) => ({ host, port: numbers[index] ?? numbers[0] ?? Number.NaN }));
}
