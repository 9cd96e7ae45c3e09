import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './index.js';
import { findProcess } from './process-table.js';
import { readPostmasterFile } from './postmaster-file.js';

const SOURCE = dirname(fileURLToPath(import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly url: string;
  readonly dataDirectory: string;
  readonly serverPid: number;
}

/** Starts a server in a process of its own, which then runs `afterwards`. */
async function runInOtherProcess(dataDirectory: string | undefined, afterwards: string): Promise<Run> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(SOURCE, 'index.ts'))};
    const server = await startEmbeddedPostgres(${dataDirectory === undefined ? '' : JSON.stringify({ dataDirectory })});
    process.send({ url: server.url(), dataDirectory: server.dataDirectory });
    process.disconnect();
    ${afterwards}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: SOURCE,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [said] = (await once(child, 'message')) as [{ url: string; dataDirectory: string }];
  const serverPid = readPostmasterFile(join(said.dataDirectory, 'cluster'))?.pid ?? 0;
  return { ...said, child, serverPid };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function kill(run: Run): Promise<void> {
  run.child.kill('SIGKILL');
  await endOf(run.child);
}

const STAY = 'setInterval(() => {}, 1000);';

let parent: string;
let dataDirectory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'killed-run-'));
  chmodSync(parent, 0o755);
  dataDirectory = join(parent, 'data');
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('after a run with a data folder was killed', () => {
  it('stops the server that it left, and finds all that was committed', async () => {
    const killed = await runInOtherProcess(dataDirectory, STAY);
    const sql = postgres(killed.url, { max: 1 });
    await sql`CREATE TABLE kept AS SELECT 42 AS answer`;
    await sql.end();
    await kill(killed);
    expect(findProcess(killed.serverPid)).toBeDefined();

    const server = await startEmbeddedPostgres({ dataDirectory });
    expect(server.leftover).toBe('orphaned-server');
    expect(findProcess(killed.serverPid)).toBeUndefined();
    const again = postgres(server.url(), { max: 1 });
    const rows = await again`SELECT answer FROM kept`;
    await again.end();
    await server.stop();
    expect([...rows]).toEqual([{ answer: 42 }]);
  });

  it('recovers when its server was killed with it', async () => {
    const killed = await runInOtherProcess(dataDirectory, STAY);
    await kill(killed);
    process.kill(killed.serverPid, 'SIGKILL');
    const server = await startEmbeddedPostgres({ dataDirectory });
    const log = readFileSync(join(dataDirectory, 'server.log'), 'utf8');
    await server.stop();
    expect(server.leftover).toBe('crashed-server');
    expect(log).toMatch(/automatic recovery in progress|was interrupted/);
  });

  it('keeps out while the other run lives', async () => {
    const other = await runInOtherProcess(dataDirectory, STAY);
    try {
      const attempt = startEmbeddedPostgres({ dataDirectory });
      await expect(attempt).rejects.toMatchObject({ code: 'IN_USE' });
      await expect(attempt).rejects.toThrow(new RegExp(`process ${other.child.pid ?? 0}\\. Stop that one first`));
      expect(findProcess(other.serverPid)).toBeDefined();
    } finally {
      await kill(other);
    }
    const server = await startEmbeddedPostgres({ dataDirectory });
    await server.stop();
  });

  it('leaves alone a server of the folder that somebody else runs', async () => {
    const killed = await runInOtherProcess(dataDirectory, STAY);
    await kill(killed);
    rmSync(join(dataDirectory, 'owner.json'));
    try {
      await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toThrow(new RegExp(`pid ${killed.serverPid}`));
      expect(findProcess(killed.serverPid)).toBeDefined();
    } finally {
      process.kill(killed.serverPid, 'SIGQUIT');
      while (findProcess(killed.serverPid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});

describe('after a run with a temporary server was killed', () => {
  it('stops the server and deletes its data, and no other', async () => {
    const [killed, living] = await Promise.all([
      runInOtherProcess(undefined, STAY),
      runInOtherProcess(undefined, STAY),
    ]);
    await kill(killed);
    const server = await startEmbeddedPostgres();
    expect(findProcess(killed.serverPid)).toBeUndefined();
    expect(existsSync(killed.dataDirectory)).toBe(false);
    expect(findProcess(living.serverPid)).toBeDefined();
    expect(existsSync(living.dataDirectory)).toBe(true);
    await kill(living);
    await server.stop();
    await (await startEmbeddedPostgres()).stop();
    expect(existsSync(living.dataDirectory)).toBe(false);
  });
});

describe('a process that ends without stop()', () => {
  it('ends by itself: the server does not keep it alive', async () => {
    const run = await runInOtherProcess(undefined, '');
    await endOf(run.child);
    expect(run.child.exitCode).toBe(0);
  });

  it('takes its temporary server and the data with it', async () => {
    const run = await runInOtherProcess(undefined, 'setTimeout(() => process.exit(3), 100);');
    await endOf(run.child);
    expect(run.child.exitCode).toBe(3);
    expect(findProcess(run.serverPid)).toBeUndefined();
    expect(existsSync(run.dataDirectory)).toBe(false);
  });

  it('lets a server with a data folder shut down in order', async () => {
    const run = await runInOtherProcess(dataDirectory, 'setTimeout(() => process.exit(), 100);');
    await endOf(run.child);
    const server = await startEmbeddedPostgres({ dataDirectory });
    const before = readFileSync(join(dataDirectory, 'server.previous.log'), 'utf8');
    await server.stop();
    expect(before).toMatch(/database system is shut down/);
  });

  it.skipIf(process.platform === 'win32')('does not pass Ctrl-C on: the server is in a group of its own', async () => {
    const run = await runInOtherProcess(dataDirectory, `process.on('SIGINT', () => {}); ${STAY}`);
    expect(() => process.kill(-run.serverPid, 0)).not.toThrow();
    await kill(run);
    await (await startEmbeddedPostgres({ dataDirectory })).stop();
  });
});
