import {
  chmodSync,
  existsSync,
  realpathSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './index.js';
import { thisProcess } from './process-record.js';

let parent: string;
let dataDirectory: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'persistent-server-')));
  chmodSync(parent, 0o755);
  dataDirectory = join(parent, 'data');
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

async function startAndStop(): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDirectory });
  await server.stop();
  return server.leftover;
}

describe('a server with a data folder', () => {
  it('keeps its data and its password from run to run', async () => {
    const first = await startEmbeddedPostgres({ dataDirectory });
    const writing = postgres(first.url());
    await writing`CREATE TABLE kept AS SELECT 42 AS answer`;
    await writing.end();
    await first.stop();

    const second = await startEmbeddedPostgres({ dataDirectory });
    const reading = postgres(second.url());
    const rows = await reading`SELECT answer FROM kept`;
    await reading.end();
    await second.stop();
    expect([...rows]).toEqual([{ answer: 42 }]);
    expect(new URL(second.url()).password).toBe(new URL(first.url()).password);
    expect(second.dataDirectory).toBe(dataDirectory);
    expect(second.leftover).toBe('none');
  });

  it('keeps the password where only its owner can read it', async () => {
    await startAndStop();
    expect(statSync(join(dataDirectory, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDirectory, 'cluster')).mode & 0o777).toBe(0o700);
  });

  it('keeps the log of the run before', async () => {
    await startAndStop();
    await startAndStop();
    expect(readFileSync(join(dataDirectory, 'server.previous.log'), 'utf8')).toMatch(/database system is shut down/);
  });

  it('is refused while another one has the folder, and the first one goes on', async () => {
    const server = await startEmbeddedPostgres({ dataDirectory });
    try {
      const second = startEmbeddedPostgres({ dataDirectory });
      await expect(second).rejects.toMatchObject({ code: 'IN_USE' });
      await expect(second).rejects.toThrow(new RegExp(`pid ${process.pid}`));
      const sql = postgres(server.url());
      expect([...(await sql`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
      await sql.end();
    } finally {
      await server.stop();
    }
    expect(await startAndStop()).toBe('none');
  });

  it('wins alone when two start at the same moment', async () => {
    const both = await Promise.allSettled([
      startEmbeddedPostgres({ dataDirectory }),
      startEmbeddedPostgres({ dataDirectory }),
    ]);
    const winners = both.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(winners.map((server) => server.stop()));
    expect(winners).toHaveLength(1);
  });

  it('refuses a folder with something else in it, and leaves that as it is', async () => {
    mkdirSync(dataDirectory);
    writeFileSync(join(dataDirectory, 'thesis.doc'), 'years of work');
    await expect(startAndStop()).rejects.toMatchObject({ code: 'NOT_OURS' });
    await expect(startAndStop()).rejects.toThrow(/thesis\.doc.*Choose an empty or a new folder/);
    expect(readdirSync(dataDirectory)).toEqual(['thesis.doc']);
  });

  it('refuses a file in the place of a folder', async () => {
    writeFileSync(dataDirectory, '');
    await expect(startAndStop()).rejects.toThrow(/cannot be made.*Choose a folder/);
  });

  it('refuses a cluster that was made by something else', async () => {
    mkdirSync(dataDirectory);
    writeFileSync(join(dataDirectory, 'PG_VERSION'), '18\n');
    await expect(startAndStop()).rejects.toMatchObject({ code: 'NOT_OURS' });
    await expect(startAndStop()).rejects.toThrow(/not made here.*DATABASE_URL/);
  });

  it.each(['cluster', '.'])('refuses a cluster of another major version in %s', async (place) => {
    mkdirSync(join(dataDirectory, place), { recursive: true });
    writeFileSync(join(dataDirectory, place, 'PG_VERSION'), '16\n');
    await expect(startAndStop()).rejects.toMatchObject({ code: 'OTHER_VERSION' });
    await expect(startAndStop()).rejects.toThrow(/written by PostgreSQL 16.*pg_dump/);
  });

  it('refuses a cluster whose password file is lost', async () => {
    await startAndStop();
    rmSync(join(dataDirectory, 'password'));
    await expect(startAndStop()).rejects.toThrow(/Put the file back/);
  });

  it('starts over when a process was killed while it made the cluster', async () => {
    mkdirSync(join(dataDirectory, 'cluster.new', 'base'), { recursive: true });
    writeFileSync(join(dataDirectory, 'owner.json'), JSON.stringify({ ...thisProcess(), boot: 'an earlier one' }));
    writeFileSync(join(dataDirectory, 'password'), 'half');
    expect(await startAndStop()).toBe('none');
    expect(existsSync(join(dataDirectory, 'cluster.new'))).toBe(false);
  });

  it.each([
    ['of a process that is gone', 2 ** 22 + 1],
    ['whose pid belongs to some other process by now', process.pid],
  ])('starts in spite of a stale postmaster.pid %s', async (_, pid) => {
    await startAndStop();
    writeFileSync(
      join(dataDirectory, 'cluster', 'postmaster.pid'),
      `${pid}\n${dataDirectory}/cluster\n0\n0\n\n\n\nready\n`,
    );
    expect(await startAndStop()).toBe('crashed-server');
  });

  it('can be started again after a start that failed', async () => {
    const attempt = startEmbeddedPostgres({ dataDirectory, settings: { shared_buffers: 'plenty' } });
    await expect(attempt).rejects.toMatchObject({ code: 'START_FAILED' });
    expect(await startAndStop()).toBe('none');
  });
});
