import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { ConnectionError } from '@blotter/application';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startStandby } from '../../test/standby-server.js';
import { DatabaseConfig, type DatabaseSettings } from './database-config.js';
import { Database } from './database.js';
import { Session } from './session.js';
import type { SessionTarget } from './session-target.js';

const PASSWORD = 'servers-test-password';
const HOST = '127.0.0.1';

/** What a stand-in does with each connection. */
type Manner = 'hangs up' | 'says nothing';

let writable: EmbeddedPostgres;
let readOnly: EmbeddedPostgres;
let standby: EmbeddedPostgres;
const standIns: { close(): void }[] = [];

beforeAll(async () => {
  [writable, standby] = await Promise.all([startEmbeddedPostgres({ settings: { fsync: 'off' } }), startStandby()]);
  readOnly = await startEmbeddedPostgres({ settings: { fsync: 'off', default_transaction_read_only: 'on' } });
  for (const server of [writable, readOnly]) {
    const session = await Session.connect(DatabaseConfig.fromUrl(server.url()));
    // A role of the test's own name and password on each; the standby is asked as its superuser.
    await session.query(`set transaction_read_only = off; create role me login password '${PASSWORD}'`);
    await session.close();
  }
});
afterAll(() => Promise.all([writable, readOnly, standby].map((server) => server.stop())));
afterEach(() => {
  for (const standIn of standIns.splice(0)) standIn.close();
});

test('a server that is not there is passed over for the next', async () => {
  expect(await portReached([await freePort(), writable.port])).toBe(writable.port);
});

test('a server that says nothing has its share of the connect timeout only', async () => {
  const silent = await standIn('says nothing');
  expect(await portReached([silent.port, writable.port], { connectTimeoutMs: 4_000 })).toBe(writable.port);
});

test('the server that worked last is asked first', async () => {
  const first = await standIn('hangs up');
  const config = configOf([first.port, writable.port]);
  for (let times = 0; times < 3; times += 1) await (await Session.connect(config)).close();
  expect(first.connections()).toBe(1);
});

test.each<[SessionTarget, 'writable' | 'readOnly']>([
  ['any', 'readOnly'],
  ['read-only', 'readOnly'],
  ['read-write', 'writable'],
  ['primary', 'readOnly'],
])('of a read-only primary and a writable one, %s takes the %s one', async (targetSessionAttrs, which) => {
  const port = await portReached([readOnly.port, writable.port], { targetSessionAttrs });
  expect(port).toBe({ writable, readOnly }[which].port);
});

test('a database finds the server that may be written', async () => {
  const database = await Database.connect(
    configOf([readOnly.port, writable.port], { targetSessionAttrs: 'read-write', minPoolSize: 3 }),
  );
  const unit = database.begin();
  expect(await unit.sql(`select current_setting('transaction_read_only') as "readOnly"`)).toEqual([
    { readOnly: 'off' },
  ]);
  await unit.rollback();
  await database.close();
});

test('where none has the role that is wanted, the error names each, and that it may be repeated', async () => {
  const error = await errorOf(configOf([readOnly.port, writable.port], { targetSessionAttrs: 'standby' }));
  expect(error.code).toBe('SERVER_UNAVAILABLE');
  for (const { port } of [readOnly, writable]) expect(error.message).toContain(`${HOST}:${port} is a primary`);
});

test('where none can be reached, the error names each with its own reason, and no password', async () => {
  const [gone, hanging] = [await freePort(), await standIn('hangs up')];
  const error = await errorOf(configOf([gone, hanging.port]));
  expect(error.code).toBe('CONNECTION_FAILED');
  expect(error.message).toMatch(
    new RegExp(`2 database servers.*answers at ${HOST}:${gone}.*answers at ${HOST}:${hanging.port}`),
  );
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(PASSWORD);
});

test('a password that is refused is not tried at the next server', async () => {
  const next = await standIn('hangs up');
  const config = DatabaseConfig.fromUrl(`postgresql://me:wrong@${HOST}:${writable.port},${HOST}:${next.port}/postgres`);
  expect((await errorOf(config)).code).toBe('AUTHENTICATION_FAILED');
  expect(next.connections()).toBe(0);
});

// Last: it ends the standby's being one.
test('after a failover the next session finds the new primary', async () => {
  const primary = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  // Two clusters, two passwords: the primary is given the standby's.
  const config = DatabaseConfig.fromUrl(standby.url(), {
    host: `${HOST},${HOST}`,
    port: `${primary.port},${standby.port}`,
    targetSessionAttrs: 'read-write',
  });
  const admin = await Session.connect(DatabaseConfig.fromUrl(primary.url()));
  await admin.query(`alter role postgres password '${config.password()}'`);
  await admin.close();

  const before = await Session.connect(config);
  expect(await portOf(before)).toBe(primary.port);
  await primary.stop();
  await expect.poll(() => before.isUsable).toBe(false);
  expect((await errorOf(config)).code).toBe('SERVER_UNAVAILABLE');

  const promoting = await Session.connect(DatabaseConfig.fromUrl(standby.url(), { targetSessionAttrs: 'standby' }));
  await promoting.query('select pg_promote()');
  await promoting.close();
  const after = await Session.connect(config);
  expect(await portOf(after)).toBe(standby.port);
  await after.close();
});

function configOf(ports: readonly number[], settings: DatabaseSettings = {}): DatabaseConfig {
  const hosts = ports.map((port) => `${HOST}:${port}`).join();
  return DatabaseConfig.fromUrl(`postgresql://me:${PASSWORD}@${hosts}/postgres`, settings);
}

async function portReached(ports: readonly number[], settings: DatabaseSettings = {}): Promise<number> {
  const session = await Session.connect(configOf(ports, settings));
  const port = await portOf(session);
  await session.close();
  return port;
}

async function portOf(session: Session): Promise<number> {
  const { rows } = await session.query<{ port: number }>('select inet_server_port() as port');
  return rows[0]?.port ?? 0;
}

async function errorOf(config: DatabaseConfig): Promise<ConnectionError> {
  const error: unknown = await Session.connect(config).then(
    (session) => session.close(),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectionError) return error;
  throw new Error('A ConnectionError was expected.', { cause: error });
}

/** Something that is no server, in the place of one. */
async function standIn(manner: Manner): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (manner === 'hangs up') socket.destroy();
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  standIns.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
