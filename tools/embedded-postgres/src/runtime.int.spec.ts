import {
  cpSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPlatformBinaries } from './platform-package.js';
import { prepareRuntimeIn, type Runtime } from './runtime.js';
import { findServerUser } from './server-user.js';

const isLinux = process.platform === 'linux';
let parent: string;
let home: string;
let bare: string;
let count = 0;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'runtime-'));
  chmodSync(parent, 0o755);
  // What `npm ci --ignore-scripts` leaves: no links, and here not even the rights to run
  bare = join(parent, 'native');
  cpSync(findPlatformBinaries(), bare, {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink() && !path.endsWith('.a'),
  });
  for (const name of readdirSync(join(bare, 'bin'))) chmodSync(join(bare, 'bin', name), 0o600);
});
beforeEach(() => {
  home = join(parent, `home-${++count}`);
});
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

function prepare(homes: readonly string[] = [home]): Promise<Runtime> {
  return prepareRuntimeIn(homes, bare, findServerUser());
}

function runtimeFolder(runtime: Runtime): string {
  return dirname(dirname(runtime.postgres));
}

describe('the runtime folder', () => {
  it('runs although npm ran no scripts: links and rights are made, and node_modules stays as it is', async () => {
    const before = readdirSync(bare, { recursive: true }).length;
    const runtime = await prepare();
    expect(runtime.version).toMatch(/^\d+\.\d+$/);
    expect(readdirSync(bare, { recursive: true })).toHaveLength(before);
    if (isLinux) expect(lstatSync(join(runtimeFolder(runtime), 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true);
  });

  it('is used again by later runs', async () => {
    const first = await prepare();
    const made = lstatSync(first.postgres).ino;
    const second = await prepare();
    expect(second).toEqual(first);
    expect(lstatSync(second.postgres).ino).toBe(made);
  });

  it('is made once by many at the same time, and nothing half made stays', async () => {
    const runtimes = await Promise.all([prepare(), prepare(), prepare()]);
    expect(new Set(runtimes.map(({ postgres }) => postgres)).size).toBe(1);
    expect(readdirSync(home)).toHaveLength(1);
  });

  it('is made anew when a file of it is lost or cut', async () => {
    const runtime = await prepare();
    rmSync(runtime.initdb);
    writeFileSync(join(runtimeFolder(runtime), 'share', 'postgresql', 'postgres.bki'), '');
    await prepare();
    expect(existsSync(runtime.initdb)).toBe(true);
    expect(lstatSync(join(runtimeFolder(runtime), 'share', 'postgresql', 'postgres.bki')).size).toBeGreaterThan(0);
    expect(readdirSync(home)).toHaveLength(1);
  });

  it('has another name for other content', async () => {
    const before = await prepare();
    writeFileSync(join(bare, 'share', 'more.txt'), 'another release');
    const after = await prepare();
    rmSync(join(bare, 'share', 'more.txt'));
    expect(runtimeFolder(after)).not.toBe(runtimeFolder(before));
  });

  it.skipIf(process.platform === 'win32')('goes elsewhere when others can write to its place', async () => {
    mkdirSync(home);
    chmodSync(home, 0o777);
    const other = `${home}-other`;
    expect(runtimeFolder(await prepare([home, other]))).toContain(other);
  });

  it('says what is wrong, and what to use instead, when the binaries do not run', async () => {
    const broken = join(parent, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'bin', 'postgres'), 'for another machine');
    const attempt = prepareRuntimeIn([home], broken, findServerUser());
    await expect(attempt).rejects.toMatchObject({ code: 'UNSUPPORTED_PLATFORM' });
    await expect(attempt).rejects.toThrow(/docker compose up.*DATABASE_URL/s);
  });
});
