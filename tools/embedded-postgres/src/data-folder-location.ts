import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataFolderAt, holdsCluster } from './data-folder.js';
import { inspectDataFolder } from './data-folder-inspection.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { ServerUser } from './server-user.js';
import { canHost, folderMode, lastingFolders, NAME_PREFIX, openOwnFolder } from './shared-folders.js';

/**
 * Where the data really lies: in the folder asked for; or, when the server runs under another account that cannot
 * enter it (root's own clone, say), in a folder of ours in /var/tmp that is always the same for the one asked for.
 *
 * @throws EmbeddedPostgresError NOT_OURS, OTHER_VERSION, START_FAILED
 */
export function locateDataFolder(
  requested: string,
  version: string,
  user: ServerUser | undefined,
  elsewhere: readonly string[] = lastingFolders(),
): string {
  const asked = openRequested(resolve(requested), user);
  inspectDataFolder(dataFolderAt(asked), version, user);
  if (user === undefined) return asked;
  const name = `${NAME_PREFIX}-data-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;
  const places = elsewhere.map((folder) => join(folder, name));
  // First where it already is: rights may have changed since, and the data must not seem to be gone.
  const place = places.find((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  if (place === undefined && canHost(asked, user)) return asked;
  if (holdsCluster(dataFolderAt(asked))) throw unreachable(asked, user);
  const chosen = place ?? elsewhere.filter((folder) => canHost(folder, user)).map((folder) => join(folder, name))[0];
  if (chosen === undefined) throw unreachable(asked, user);
  openOwnFolder(chosen, folderMode(user));
  return chosen;
}

function openRequested(path: string, user: ServerUser | undefined): string {
  try {
    mkdirSync(path, { recursive: true, mode: folderMode(user) });
    return realpathSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(
      'START_FAILED',
      `The data folder ${path} cannot be made (${reason}). Choose a folder that you may write to.`,
      { cause },
    );
  }
}

function unreachable(path: string, user: ServerUser): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'START_FAILED',
    `The server runs as the user ${user.name}, because PostgreSQL refuses root, and that user cannot use ${path}. ` +
      'Let everybody enter the folders that lead to it (chmod o+x), choose another data folder, or run as an ordinary user.',
  );
}
