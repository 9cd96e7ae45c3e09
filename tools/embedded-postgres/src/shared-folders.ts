import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { ServerUser } from './server-user.js';

/** Begins the name of everything this package puts into folders that it shares with others; one per account. */
export const NAME_PREFIX = `blotter-embedded-postgres-${process.geteuid?.() ?? 'user'}`;

/** For what may vanish at a reboot. */
export function temporaryFolders(): string[] {
  return existing(process.platform === 'win32' ? [tmpdir()] : [tmpdir(), '/tmp', '/var/tmp']);
}

/** For what must outlive a reboot. */
export function lastingFolders(): string[] {
  return existing(process.platform === 'win32' ? [tmpdir()] : ['/var/tmp', tmpdir(), '/tmp']);
}

/** Others may enter our folder only when the server runs as one of them; nobody else ever writes there. */
export function folderMode(user: ServerUser | undefined): number {
  return user === undefined ? 0o700 : 0o711;
}

/**
 * Makes the folder, or accepts it when it is ours and only we can write to it: in a place open to all, somebody
 * else could have made it first, and would then choose what we run or read what we keep.
 *
 * @throws EmbeddedPostgresError NOT_OURS
 */
export function openOwnFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
    chmodSync(path, mode); // whatever the umask is
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if (!isOwnFolder(path)) {
    throw new EmbeddedPostgresError(
      'NOT_OURS',
      `${path} was made by somebody else, or others can write to it, so it is not used. ` +
        'Find out whose it is and remove it, then start again.',
    );
  }
}

/** A real folder (no link) that we own and that nobody else can write to. */
export function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return false;
  return process.platform === 'win32' || (found.uid === process.geteuid?.() && (found.mode & 0o022) === 0);
}

/**
 * Whether the server, under its account, could keep data inside this folder. Tried rather than computed:
 * permissions, access lists, user namespaces and network mounts all have a say.
 */
export function canHost(folder: string, user: ServerUser | undefined): boolean {
  let probe: string | undefined;
  try {
    probe = mkdtempSync(join(folder, '.probe-'));
    if (user === undefined) return true;
    chownSync(probe, user.uid, user.gid);
    const script = 'cd -- "$1" && : > written';
    const { status } = spawnSync('/bin/sh', ['-c', script, 'sh', probe], {
      cwd: '/',
      stdio: 'ignore',
      uid: user.uid,
      gid: user.gid,
    });
    return status === 0;
  } catch {
    return false;
  } finally {
    if (probe !== undefined) rmSync(probe, { recursive: true, force: true });
  }
}

function existing(paths: readonly string[]): string[] {
  const real = paths.flatMap((path) => {
    try {
      return [realpathSync(path)];
    } catch {
      return [];
    }
  });
  return [...new Set(real)];
}
