import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { ConnectionError } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../test/certificates.js';
import { startSecureServer, type SecureServer } from '../../test/secure-server.js';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { DatabaseConfig, type DatabaseSettings } from './database-config.js';
import { Database } from './database.js';
import { Session } from './session.js';
import type { TlsMode } from './tls-settings.js';

const PASSWORD = 'tls-test-password';
const HOSTNAME = 'localhost';
const ADDRESS = '127.0.0.1';

const authority = TestAuthority.make('the right authority');
const otherAuthority = TestAuthority.make('another authority');
const certificates = {
  server: authority.forServer(HOSTNAME),
  client: authority.forClient('certified'),
  stranger: otherAuthority.forClient('certified'),
};
const right: DatabaseSettings = { sslCa: authority.cert };
/** Whom the client trusts, in the words of the tables. */
const AUTHORITIES = {
  'no authority': {},
  'the right authority': right,
  'another authority': { sslCa: otherAuthority.cert },
  'the public authorities': { sslCaFile: 'system' },
} as const satisfies Record<string, DatabaseSettings>;
const own = { sslCert: certificates.client.cert, sslKey: certificates.client.key };
const strange = { sslCert: certificates.stranger.cert, sslKey: certificates.stranger.key };

/** What the configuration says, the host that is connected to, and what comes of it: the connection's kind, or the error's code. */
type Row = readonly [TlsMode | 'none given', keyof typeof AUTHORITIES, typeof HOSTNAME | typeof ADDRESS, string];

let server: SecureServer;

beforeAll(async () => {
  server = await startSecureServer();
  await server.administer(
    `create role anyone login password '${PASSWORD}'`,
    `create role encrypted login password '${PASSWORD}'`,
    `create role certified login password '${PASSWORD}'`,
  );
});
afterAll(() => server.stop());

// In this order: the server begins plain, and is secured once.
describe('a server without TLS', () => {
  test.each<Row>([
    ['disable', 'no authority', HOSTNAME, 'plain'],
    ['prefer', 'no authority', HOSTNAME, 'plain'],
    ['require', 'no authority', HOSTNAME, 'TLS_FAILED'],
    ['require', 'the right authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-ca', 'the right authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-full', 'the right authority', HOSTNAME, 'TLS_FAILED'],
    ['none given', 'no authority', HOSTNAME, 'plain'],
    ['none given', 'the right authority', HOSTNAME, 'TLS_FAILED'],
  ])('mode %s with %s at %s: %s', async (mode, trusted, host, outcome) => {
    const settings = { ...AUTHORITIES[trusted], ...(mode !== 'none given' && { sslMode: mode }) };
    expect(await connecting('anyone', host, settings)).toBe(outcome);
  });
});

describe('a server with TLS', () => {
  beforeAll(() =>
    server.secure(certificates.server, authority.cert, [
      'hostnossl all encrypted all reject',
      'hostnossl all certified all reject',
      'hostssl all certified all scram-sha-256 clientcert=verify-full',
    ]),
  );

  test.each<Row>([
    ['none given', 'no authority', HOSTNAME, 'encrypted'],
    ['disable', 'no authority', HOSTNAME, 'plain'],
    ['prefer', 'no authority', HOSTNAME, 'encrypted'],
    ['prefer', 'no authority', ADDRESS, 'encrypted'],
    ['require', 'no authority', HOSTNAME, 'encrypted'],
    ['require', 'no authority', ADDRESS, 'encrypted'],
    ['require', 'the right authority', HOSTNAME, 'encrypted'],
    ['require', 'the right authority', ADDRESS, 'encrypted'],
    ['require', 'another authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-ca', 'the right authority', HOSTNAME, 'encrypted'],
    ['verify-ca', 'the right authority', ADDRESS, 'encrypted'],
    ['verify-ca', 'another authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-full', 'the right authority', HOSTNAME, 'encrypted'],
    ['verify-full', 'the right authority', ADDRESS, 'TLS_FAILED'],
    ['verify-full', 'another authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-full', 'no authority', HOSTNAME, 'TLS_FAILED'],
    ['verify-full', 'the public authorities', HOSTNAME, 'TLS_FAILED'],
    ['none given', 'the right authority', HOSTNAME, 'encrypted'],
    ['none given', 'the right authority', ADDRESS, 'TLS_FAILED'],
  ])('mode %s with %s at %s: %s', async (mode, trusted, host, outcome) => {
    const settings = { ...AUTHORITIES[trusted], ...(mode !== 'none given' && { sslMode: mode }) };
    expect(await connecting('anyone', host, settings)).toBe(outcome);
  });

  test('that lets a user in with TLS only refuses mode disable, and says where to look', async () => {
    expect(await connecting('encrypted', HOSTNAME, { sslMode: 'disable' })).toBe('AUTHENTICATION_FAILED');
    const { message } = await errorOf('encrypted', HOSTNAME, { sslMode: 'disable' });
    expect(message).toMatch(/DATABASE_SSL_MODE.*pg_hba\.conf/);
  });

  test.each<readonly [string, DatabaseSettings, string]>([
    ['missing', right, 'AUTHENTICATION_FAILED'],
    ['given', { ...right, ...own }, 'encrypted'],
    ['given, in mode require', { sslMode: 'require', ...own }, 'encrypted'],
    ['signed by an authority that the server does not know', { ...right, ...strange }, 'TLS_FAILED'],
  ])('a client certificate that is asked for and %s', async (_, settings, outcome) => {
    expect(await connecting('certified', HOSTNAME, settings)).toBe(outcome);
  });

  test.each<readonly [string, DatabaseSettings, string, RegExp]>([
    ['a certificate for another name', right, ADDRESS, /another name/],
    ['an unknown authority', AUTHORITIES['another authority'], HOSTNAME, /DATABASE_SSL_CA/],
  ])('%s is an error of one line that names the server and what to do', async (_, settings, host, says) => {
    const { message } = await errorOf('anyone', host, settings);
    expect(message).toMatch(says);
    expect(message).toContain(`${host}:${server.port}`);
    expect(message).not.toContain('\n');
  });
});

describe('a session over TLS', () => {
  const settings: DatabaseSettings = { sslMode: 'verify-ca', ...right, ...own };

  test('carries bursts and long answers', async () => {
    const session = await Session.connect(configOf('certified', HOSTNAME, settings));
    const answers = Array.from({ length: 1_000 }, (_, index) =>
      session.query<{ text: string }>(`select repeat('x', 10000 + ${index}) as text`),
    );
    const lengths = (await Promise.all(answers)).map(({ rows }) => rows[0]?.text.length);
    expect(lengths).toEqual(Array.from({ length: 1_000 }, (_, index) => 10_000 + index));
    await session.close();
  });

  test('that is cut rejects what is in flight', async () => {
    const proxy = await startTcpProxy({ host: ADDRESS, port: server.port }, 1);
    const session = await Session.connect(configOf('certified', HOSTNAME, settings).at(ADDRESS, proxy.port));
    const waiting = session.query('select pg_sleep(60)');
    const rejection = expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    proxy.cut();
    await rejection;
    await expect.poll(() => session.isUsable).toBe(false);
    await proxy.close();
  });

  test.each<[string, (session: Session) => unknown]>([
    ['closed', (session) => session.close()],
    [
      'destroyed',
      (session) => {
        session.destroy(new ConnectionError('CONNECTION_LOST', 'by the test'));
      },
    ],
  ])('that is %s leaves no process at the server', async (_, end) => {
    const watcher = await Session.connect(server.config);
    const session = await Session.connect(configOf('certified', HOSTNAME, settings));
    const processes = async () =>
      (await watcher.query('select 1 from pg_stat_activity where pid = $1::int', [String(session.backendPid)])).rows
        .length;
    expect(await processes()).toBe(1);
    await end(session);
    await expect.poll(processes, { timeout: 10_000 }).toBe(0);
    await watcher.close();
  });

  test('that is destroyed cancels its statement over TLS as well: the key of a cancel request is a secret', async () => {
    const watcher = await Session.connect(server.config);
    const wire = await recordingProxy(server.port);
    const session = await Session.connect(configOf('certified', HOSTNAME, settings).at(ADDRESS, wire.port));
    const pid = String(session.backendPid);
    const cancelled = expect(session.query('select pg_sleep(60)')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    const state = async () =>
      (
        await watcher.query<{ wait: string }>('select wait_event as wait from pg_stat_activity where pid = $1::int', [
          pid,
        ])
      ).rows;
    await expect.poll(state, { timeout: 10_000 }).toEqual([{ wait: 'PgSleep' }]);
    session.destroy(new ConnectionError('CONNECTION_LOST', 'by the test'));
    await cancelled;
    await expect.poll(state, { timeout: 10_000 }).toEqual([]);
    // Each of both connections asked for TLS, and went on with its handshake.
    expect(wire.begun().map((bytes) => bytes.subarray(0, 9).toString('hex'))).toEqual([
      '0000000804d2162f16',
      '0000000804d2162f16',
    ]);
    await wire.close();
    await watcher.close();
  });

  test('shows neither key nor certificate, to whoever inspects the database or an error of it', async () => {
    const database = await Database.connect(configOf('certified', HOSTNAME, settings));
    await database.query('select 1');
    const refused = await errorOf('certified', ADDRESS, { ...settings, sslMode: 'verify-full' });
    const shown = [database, refused].map((value) => inspect(value, { depth: Infinity, showHidden: true })).join();
    for (const pem of [authority.cert, certificates.client.cert, certificates.client.key]) {
      for (const line of pem.trim().split(/\r?\n/).slice(1, -1)) expect(shown).not.toContain(line);
    }
    await database.close();
  });
});

function configOf(user: string, host: string, settings: DatabaseSettings): DatabaseConfig {
  const url = `postgresql://${user}:${PASSWORD}@${host}:${server.port}/postgres`;
  return DatabaseConfig.fromUrl(url, { minPoolSize: 1, maxPoolSize: 1, ...settings });
}

/** What a connection became, as the server says, or the code of the error. */
async function connecting(user: string, host: string, settings: DatabaseSettings): Promise<string> {
  try {
    const session = await Session.connect(configOf(user, host, settings));
    const { rows } = await session.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    await session.close();
    return rows[0]?.ssl ? 'encrypted' : 'plain';
  } catch (error) {
    if (error instanceof ConnectionError) return error.code;
    throw error;
  }
}

async function errorOf(user: string, host: string, settings: DatabaseSettings): Promise<Error> {
  const error: unknown = await Database.connect(configOf(user, host, settings)).then(
    (database) => database.close(),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectionError) return error;
  throw new Error('A ConnectionError was expected.', { cause: error });
}

/** A proxy that keeps what the client sent on each connection. */
async function recordingProxy(port: number): Promise<{ port: number; begun(): Buffer[]; close(): Promise<void> }> {
  const sent: Buffer[][] = [];
  const proxy = net.createServer((client) => {
    const chunks: Buffer[] = [];
    sent.push(chunks);
    client.on('data', (chunk) => chunks.push(chunk));
    const upstream = net.connect({ host: ADDRESS, port });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  proxy.listen(0, ADDRESS);
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    begun: () => sent.map((chunks) => Buffer.concat(chunks)),
    close: async () => {
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
