import { chmodSync, lstatSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolderAt, type DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { readOwner } from './owner-file.js';
import { isServerOf, readPostmasterFile } from './postmaster-file.js';
import { livenessOf } from './process-record.js';
import type { ServerUser } from './server-user.js';
import { canHost, folderMode, isOwnFolder, NAME_PREFIX, temporaryFolders } from './shared-folders.js';
import { stopServer, strayServer } from './stop-server.js';

const PREFIX = `${NAME_PREFIX}-temporary-`;

/** A folder without an owner's record is being made, or its maker was killed at that very moment. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Makes a data folder that lives as long as its server.
 *
 * @throws EmbeddedPostgresError START_FAILED when the server's account can keep data in no temporary folder
 */
export function makeTemporaryFolder(
  user: ServerUser | undefined,
  places: readonly string[] = temporaryFolders(),
): DataFolder {
  const place = places.find((folder) => canHost(folder, user));
  if (place === undefined) {
    throw new EmbeddedPostgresError(
      'START_FAILED',
      `The server's account (${user?.name ?? 'yours'}) can write to none of ${places.join(', ')}. ` +
        'Set TMPDIR to a folder that it can enter, or give a data folder.',
    );
  }
  const path = realpathSync(mkdtempSync(join(place, PREFIX)));
  chmodSync(path, folderMode(user));
  return dataFolderAt(path);
}

/** Deletes a temporary folder; a server that is just ending may still write to it. */
export async function removeTemporaryFolder(folder: DataFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** Stops the temporary servers of killed processes and deletes their data. One that cannot be dealt with is left. */
export async function sweepTemporaryFolders(
  pgCtl: string,
  places: readonly string[] = temporaryFolders(),
): Promise<void> {
  const paths = places.flatMap((place) => namesIn(place).map((name) => join(place, name)));
  await Promise.allSettled(
    paths.map(async (path) => {
      const folder = dataFolderAt(path);
      if (isAbandoned(folder)) await sweep(folder, pgCtl);
    }),
  );
}

function isAbandoned(folder: DataFolder): boolean {
  if (!isOwnFolder(folder.path)) return false;
  const owner = readOwner(folder);
  if (owner !== undefined) return livenessOf(owner) === 'dead';
  return Date.now() - lstatSync(folder.path).mtimeMs > ABANDONED_AFTER_MS;
}

async function sweep(folder: DataFolder, pgCtl: string): Promise<void> {
  const found = readPostmasterFile(folder.cluster);
  const verdict = found === undefined ? 'no' : isServerOf(folder.cluster, found.pid);
  if (verdict === 'unsure') return;
  // Nobody will read this data again: no need for a checkpoint
  if (found !== undefined && verdict === 'yes') await stopServer(strayServer(found.pid, pgCtl), ['QUIT', 'KILL']);
  await removeTemporaryFolder(folder);
}

function namesIn(place: string): string[] {
  try {
    return readdirSync(place).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}
