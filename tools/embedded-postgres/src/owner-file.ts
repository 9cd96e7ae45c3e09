import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { livenessOf, parseProcessRecord, thisProcess, type ProcessRecord } from './process-record.js';

/** Who holds a data folder; undefined when nobody does. */
export function readOwner(folder: DataFolder): ProcessRecord | undefined {
  try {
    return parseProcessRecord(readFileSync(folder.ownerFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the owner of the data folder, and tells whether a former owner died without giving it up.
 *
 * @throws EmbeddedPostgresError IN_USE when the owner lives
 */
export function claimDataFolder(folder: DataFolder): { readonly ownerDied: boolean } {
  let ownerDied = false;
  for (let attempt = 1; attempt <= 5; attempt++) {
    if (writeOwner(folder)) return { ownerDied };
    refuseLivingOwner(folder, readOwner(folder));
    ownerDied = true;
    // Two processes may find the same dead owner. Renaming first and reading after makes sure that none of them
    // throws out the record that the other has just written.
    const aside = nameAside(folder);
    if (
      !tryTo(() => {
        renameSync(folder.ownerFile, aside);
      })
    )
      continue;
    const removed = readFileSync(aside, 'utf8');
    const record = parseProcessRecord(removed);
    if (record !== undefined && livenessOf(record) !== 'dead')
      tryTo(() => {
        linkSync(aside, folder.ownerFile);
      });
    rmSync(aside, { force: true });
  }
  throw inUse(folder, 'other processes that are starting at this moment', 'Start it once.');
}

/** Gives the data folder up, so that the next start need not wonder. */
export function releaseDataFolder(folder: DataFolder): void {
  rmSync(folder.ownerFile, { force: true });
}

function refuseLivingOwner(folder: DataFolder, owner: ProcessRecord | undefined): void {
  if (owner === undefined) return;
  const liveness = livenessOf(owner);
  if (liveness === 'alive') {
    const who = owner.pid === process.pid ? `this process (pid ${owner.pid})` : `process ${owner.pid}`;
    throw inUse(folder, who, 'Stop that one first, or choose another data folder.');
  }
  if (liveness === 'unknown') {
    throw inUse(
      folder,
      `process ${owner.pid} of another container, which cannot be seen from here`,
      `If that container has ended, delete ${folder.ownerFile} and start again.`,
    );
  }
}

/** The error for a data folder that somebody else is using. */
export function inUse(folder: DataFolder, who: string, remedy: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError('IN_USE', `The data in ${folder.path} is in use by ${who}. ${remedy}`);
}

/** Written aside and linked: the file appears with its content or not at all. */
function writeOwner(folder: DataFolder): boolean {
  const aside = nameAside(folder);
  writeFileSync(aside, JSON.stringify(thisProcess()), { flag: 'wx', mode: 0o600 });
  try {
    return tryTo(() => {
      linkSync(aside, folder.ownerFile);
    });
  } finally {
    rmSync(aside, { force: true });
  }
}

function nameAside(folder: DataFolder): string {
  return `${folder.ownerFile}.${randomBytes(6).toString('hex')}`;
}

/** False when the file was there already (or, for a rename, is there no more); every other failure is thrown. */
function tryTo(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOENT')) return false;
    throw error;
  }
}
