import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './index.js';
import { readPostmasterFile } from './postmaster-file.js';

const started: EmbeddedPostgres[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(options?: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options);
  started.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<Record<string, unknown>> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql.unsafe<Record<string, unknown>[]>(statement);
    return row ?? {};
  } finally {
    await sql.end();
  }
}

/** Whether something listens there: one cannot listen on a port that is taken. */
function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(true);
    });
    probe.listen(port, host, () =>
      probe.close(() => {
        resolve(false);
      }),
    );
  });
}

describe('a temporary server', () => {
  it('answers in UTF-8, in the C.UTF-8 of PostgreSQL itself, and in UTC', async () => {
    const server = await start();
    const row = await query(
      server.url(),
      `SELECT current_setting('server_version') AS version, current_setting('TimeZone') AS zone,
              pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
         FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toMatchObject({ zone: 'UTC', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
    expect(row['version']).toBe(server.version);
    expect(server.leftover).toBe('none');
  });

  it('answers as soon as it was started', async () => {
    const server = await start();
    expect(await query(server.url(), 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('listens on 127.0.0.1 only, and on no socket in the file system', async () => {
    const server = await start();
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const other = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
    expect(await isTaken(server.port, '127.0.0.1')).toBe(true);
    // Linux answers on all of 127.0.0.0/8; elsewhere one cannot listen there at all
    if (process.platform === 'linux') expect(await isTaken(server.port, '127.0.0.2')).toBe(false);
    if (other !== undefined) expect(await isTaken(server.port, other.address)).toBe(false);
    const row = await query(server.url(), 'SHOW unix_socket_directories');
    expect(row).toEqual({ unix_socket_directories: '' });
  });

  it('lets nobody in without its password, which no other server has', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const stolen = new URL(one.url());
    stolen.port = String(two.port);
    await expect(query(stolen.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('takes settings', async () => {
    const server = await start({ settings: { fsync: 'off', 'blotter.note': 'a = b; c' } });
    const row = await query(
      server.url(),
      `SELECT current_setting('fsync') AS fsync, current_setting('blotter.note') AS note`,
    );
    expect(row).toEqual({ fsync: 'off', note: 'a = b; c' });
  });

  it('gives the URL of any database, quoted where its name needs it', async () => {
    const server = await start();
    await query(server.url(), 'CREATE DATABASE orders_1');
    expect(await query(server.url('orders_1'), 'SELECT current_database() AS name')).toEqual({ name: 'orders_1' });
    expect(server.url('a/b c')).toMatch(/\/a%2Fb%20c$/); // libpq decodes it; postgres.js 3.4.9 does not
  });

  it('refuses settings that the launcher decides', async () => {
    await expect(startEmbeddedPostgres({ settings: { Port: '1' } })).rejects.toMatchObject({ code: 'INVALID_SETTING' });
    await expect(startEmbeddedPostgres({ settings: { 'a b': '1' } })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
    });
  });

  it('starts five times at once', async () => {
    const servers = await Promise.all([start(), start(), start(), start(), start()]);
    const answers = await Promise.all(servers.map((server) => query(server.url(), 'SELECT 1 AS one')));
    expect(answers).toEqual(Array(5).fill({ one: 1 }));
    expect(new Set(servers.map(({ port }) => port)).size).toBe(5);
  });

  it('is gone with its data after stop, which may be called again', async () => {
    const server = await startEmbeddedPostgres();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(existsSync(server.dataDirectory)).toBe(false);
    expect(await isTaken(server.port, '127.0.0.1')).toBe(false);
  });

  it('can be stopped after its server has died', async () => {
    const server = await startEmbeddedPostgres();
    const pid = readPostmasterFile(join(server.dataDirectory, 'cluster'))?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await server.stop();
    expect(existsSync(server.dataDirectory)).toBe(false);
  });

  it('says the last words of a server that does not start, and what to do', async () => {
    const attempt = startEmbeddedPostgres({ settings: { shared_buffers: 'plenty' } });
    await expect(attempt).rejects.toMatchObject({ code: 'START_FAILED' });
    await expect(attempt).rejects.toThrow(/invalid value for parameter "shared_buffers": "plenty".*start again/s);
  });

  it('writes nothing to the console: the log is a file', async () => {
    const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    try {
      const server = await start();
      expect(readFileSync(join(server.dataDirectory, 'server.log'), 'utf8')).toMatch(/ready to accept connections/);
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});
