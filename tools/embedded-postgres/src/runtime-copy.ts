import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { isComplete, isProgram, type RuntimeManifest } from './runtime-manifest.js';

/** A copy takes a fifth of a second: one this old belongs to a process that was killed. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Copies the binaries to `folder` and makes their links. Two processes may do so at once: each builds under a name
 * of its own and renames, and the one that comes second uses what the first has made.
 */
export async function copyRuntime(binaries: string, folder: string, manifest: RuntimeManifest): Promise<void> {
  await removeAbandoned(dirname(folder));
  const building = await mkdtemp(join(dirname(folder), 'building-'));
  try {
    await fill(building, binaries, manifest);
    await publish(building, folder, manifest);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function fill(building: string, binaries: string, { files, links }: RuntimeManifest): Promise<void> {
  // 0755 throughout: the server may run under another account than ours, and the umask is not known
  const folders = new Set([building]);
  for (const { path } of [...files, ...links]) {
    for (let folder = dirname(join(building, path)); !folders.has(folder); folder = dirname(folder))
      folders.add(folder);
  }
  for (const folder of [...folders].sort()) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  await Promise.all(
    files.map(async ({ path }) => {
      await copyFile(join(binaries, path), join(building, path), constants.COPYFILE_FICLONE);
      await chmod(join(building, path), isProgram(path) ? 0o755 : 0o644);
    }),
  );
  await Promise.all(links.map(({ path, target }) => symlink(target, join(building, path))));
}

async function publish(building: string, folder: string, manifest: RuntimeManifest): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(building, folder);
      return;
    } catch (error) {
      if (await isComplete(folder, manifest)) return;
      if (attempt === 3) throw error;
      // What lies there has lost files. Out of the way first, whole: a server may still run from it.
      const discarded = await mkdtemp(join(dirname(folder), 'discarded-'));
      await rename(folder, join(discarded, 'runtime')).catch(() => undefined);
      await rm(discarded, { recursive: true, force: true });
    }
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^(building|discarded)-/.test(name)) continue;
    const made = await stat(join(parent, name)).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
