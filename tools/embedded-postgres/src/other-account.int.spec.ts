import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateDataFolder } from './data-folder-location.js';
import { startEmbeddedPostgres } from './index.js';
import { findServerUser } from './server-user.js';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;

let parent: string;
const made: string[] = [];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'other-account-')); // 0700, as root's clone in /root
});
afterEach(() => {
  for (const path of [parent, ...made.splice(0)]) rmSync(path, { recursive: true, force: true });
});

/** Whether that account gets as far as our source and this Node. */
function canRunAs(uid: number): boolean {
  const options = { uid, gid: uid, cwd: '/' };
  return (
    isRoot && spawnSync(process.execPath, ['-e', `fs.readdirSync(${JSON.stringify(SOURCE)})`], options).status === 0
  );
}

describe.runIf(isRoot)('root', () => {
  it('runs the server as an ordinary account, in a folder that this one can enter', async () => {
    chmodSync(parent, 0o755);
    const server = await startEmbeddedPostgres({ dataDirectory: join(parent, 'data') });
    await server.stop();
    expect(server.dataDirectory).toBe(join(parent, 'data'));
    expect(statSync(join(server.dataDirectory, 'cluster')).uid).toBe(findServerUser()?.uid);
    expect(statSync(server.dataDirectory).uid).toBe(0);
  });

  it('keeps the data of a private folder elsewhere, and finds it there again', async () => {
    const dataDirectory = join(parent, 'data');
    const first = await startEmbeddedPostgres({ dataDirectory });
    made.push(first.dataDirectory);
    const sql = postgres(first.url(), { max: 1 });
    await sql`CREATE TABLE kept AS SELECT 42 AS answer`;
    await sql.end();
    await first.stop();
    expect(first.dataDirectory.startsWith(parent)).toBe(false);

    chmodSync(parent, 0o755); // even when the folder has been opened since
    const second = await startEmbeddedPostgres({ dataDirectory });
    const again = postgres(second.url(), { max: 1 });
    const rows = await again`SELECT answer FROM kept`;
    await again.end();
    await second.stop();
    expect([...rows]).toEqual([{ answer: 42 }]);
    expect(second.dataDirectory).toBe(first.dataDirectory);
    expect(statSync(second.dataDirectory).mode & 0o777).toBe(0o711);
  });

  it('does not use a folder that somebody else has made in that place', () => {
    const user = findServerUser();
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    made.push(elsewhere);
    chmodSync(elsewhere, 0o1777);
    const place = locateDataFolder(join(parent, 'data'), '18.4', user, [elsewhere]);
    chownSync(place, NOBODY, NOBODY);
    const again = (): string => locateDataFolder(join(parent, 'data'), '18.4', user, [elsewhere]);
    expect(again).toThrow(expect.objectContaining({ code: 'NOT_OURS' }));
    chownSync(place, 0, 0);
    chmodSync(place, 0o777);
    expect(again).toThrow(/made by somebody else, or others can write to it/);
  });

  it('does not lose sight of data in a folder that was closed since', async () => {
    chmodSync(parent, 0o755);
    const dataDirectory = join(parent, 'data');
    await (await startEmbeddedPostgres({ dataDirectory })).stop();
    chmodSync(parent, 0o700);
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toThrow(/chmod o\+x/);
  });
});

describe.runIf(canRunAs(NOBODY))('an ordinary account', () => {
  it('runs the server itself, without a home of its own', () => {
    const home = join(parent, 'home');
    mkdirSync(home);
    chmodSync(parent, 0o755);
    chownSync(home, NOBODY, NOBODY);
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(join(SOURCE, 'index.ts'))};
      for (const options of [{}, { dataDirectory: ${JSON.stringify(join(home, 'data'))} }]) {
        const server = await startEmbeddedPostgres(options);
        await server.stop();
      }
      process.stdout.write('done ' + process.geteuid());`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      {
        cwd: SOURCE,
        uid: NOBODY,
        gid: NOBODY,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          TSX_DISABLE_CACHE: '1',
          XDG_CACHE_HOME: join(home, 'cache'),
        },
      },
    );
    expect(stderr).toBe('');
    expect(stdout).toBe(`done ${NOBODY}`);
    expect(existsSync(join(home, 'cache', 'blotter-embedded-postgres'))).toBe(true);
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
  });
});
