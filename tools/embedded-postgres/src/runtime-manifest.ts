import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** What a runtime folder must hold: the files of the platform package, and the links that npm cannot carry. */
export interface RuntimeManifest {
  /** Changes whenever the content does; part of the runtime folder's name. */
  readonly key: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/** Reads what npm installed. Static libraries are left out: they serve to link C programs. */
export async function readManifest(binaries: string): Promise<RuntimeManifest> {
  const entries = await readdir(binaries, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a') && entry.name !== 'pg-symlinks.json')
    .map((entry) => relative(binaries, join(entry.parentPath, entry.name)))
    .sort();
  const files = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(join(binaries, path))).size })));
  const links = await readLinks(binaries);
  return { key: await keyOf(binaries, files, links), files, links };
}

/** Whether the folder holds all of it: cleaners of /var/tmp delete single files that were not used for weeks. */
export async function isComplete(folder: string, manifest: RuntimeManifest): Promise<boolean> {
  const checks = [
    ...manifest.files.map(async ({ path, size }) => {
      const found = await lstat(join(folder, path));
      if (found.size !== size || !found.isFile()) throw new Error(`${path} is not as it was made`);
      if (isProgram(path)) await access(join(folder, path), constants.X_OK);
    }),
    ...manifest.links.map(({ path }) => stat(join(folder, path))),
  ];
  return Promise.all(checks).then(
    () => true,
    () => false,
  );
}

/** Whether a file of the package is to be run. */
export function isProgram(path: string): boolean {
  return path.startsWith(`bin${sep}`);
}

/** pg-symlinks.json lists each link with paths from the package's root: native/lib/libpq.so.5 → native/lib/libpq.so.5.18 */
async function readLinks(binaries: string): Promise<RuntimeManifest['links']> {
  const json = await readFile(join(binaries, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const listed = JSON.parse(json) as readonly { readonly source: string; readonly target: string }[];
  return listed.map(({ source, target }) => ({
    path: relative('native', target),
    target: relative(dirname(target), source),
  }));
}

/** Names and sizes of everything, and the content of the programs: all 60 MB would cost a tenth of a second per start. */
async function keyOf(
  binaries: string,
  files: RuntimeManifest['files'],
  links: RuntimeManifest['links'],
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([files, links]));
  for (const { path } of files.filter((file) => isProgram(file.path))) {
    hash.update(await readFile(join(binaries, path)));
  }
  return hash.digest('hex').slice(0, 16);
}
