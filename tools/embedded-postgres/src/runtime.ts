import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPlatformBinaries, unusableBinaries } from './platform-package.js';
import { runProgram } from './run-program.js';
import { copyRuntime } from './runtime-copy.js';
import { isComplete, readManifest } from './runtime-manifest.js';
import type { ServerUser } from './server-user.js';
import { lastingFolders, NAME_PREFIX, openOwnFolder } from './shared-folders.js';

/** PostgreSQL's programs, ready to be run by the server's account. */
export interface Runtime {
  /** e.g. 18.4 */
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

let preparing: Promise<Runtime> | undefined;

/**
 * Makes the programs ready, once for all starts that are under way in this process.
 *
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM
 */
export function prepareRuntime(user: ServerUser | undefined): Promise<Runtime> {
  preparing ??= prepareRuntimeIn(runtimeHomes(user), findPlatformBinaries(), user).finally(() => {
    preparing = undefined;
  });
  return preparing;
}

/**
 * Keeps a copy of the binaries in the first of the folders from where the server's account can run them.
 * A copy, not the originals: the shared libraries lack their links when npm ran without scripts, node_modules may
 * be read-only, and it may lie where the server's account cannot go.
 *
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM when they run from none of the folders
 */
export async function prepareRuntimeIn(
  homes: readonly string[],
  binaries: string,
  user: ServerUser | undefined,
): Promise<Runtime> {
  const manifest = await readManifest(binaries);
  const failures: string[] = [];
  for (const home of homes) {
    const folder = join(home, manifest.key);
    try {
      mkdirSync(dirname(home), { recursive: true });
      openOwnFolder(home, 0o755);
      if (!(await isComplete(folder, manifest))) await copyRuntime(binaries, folder, manifest);
    } catch (error) {
      failures.push(`${home}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const runtime = programsIn(folder);
    const { succeeded, output } = await runProgram(runtime.postgres, ['--version'], { user, folder: dirname(folder) });
    const version = /PostgreSQL\) (\S+)/.exec(output)?.[1];
    if (succeeded && version !== undefined) return { ...runtime, version };
    failures.push(`${folder}: ${output || 'postgres --version says nothing'}`);
  }
  throw unusableBinaries(failures.join('\n'));
}

/** An ordinary user's cache; for root only places that every account can enter. */
function runtimeHomes(user: ServerUser | undefined): string[] {
  const shared = lastingFolders().map((folder) => join(folder, `${NAME_PREFIX}-runtime`));
  if (user !== undefined) return shared;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return [join(cache, 'blotter-embedded-postgres'), ...shared];
}

function programsIn(folder: string): Omit<Runtime, 'version'> {
  const program = (name: string): string => join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}
