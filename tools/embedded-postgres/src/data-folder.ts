import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { runProgram } from './run-program.js';
import type { Runtime } from './runtime.js';
import type { ServerUser } from './server-user.js';

/**
 * What lies in a data folder. Only `cluster` belongs to the server's account; the rest stays ours, so that
 * nobody but us can put anything in its place.
 */
export interface DataFolder {
  readonly path: string;
  /** PostgreSQL's own data directory */
  readonly cluster: string;
  /** A cluster that is being made */
  readonly newCluster: string;
  readonly ownerFile: string;
  readonly passwordFile: string;
  readonly logFile: string;
  readonly previousLogFile: string;
}

/** Names the parts of a data folder; touches nothing. */
export function dataFolderAt(path: string): DataFolder {
  return {
    path,
    cluster: join(path, 'cluster'),
    newCluster: join(path, 'cluster.new'),
    ownerFile: join(path, 'owner.json'),
    passwordFile: join(path, 'password'),
    logFile: join(path, 'server.log'),
    previousLogFile: join(path, 'server.previous.log'),
  };
}

/** Whether there is a cluster; PG_VERSION is the file that PostgreSQL itself goes by. */
export function holdsCluster(folder: DataFolder): boolean {
  return existsSync(join(folder.cluster, 'PG_VERSION'));
}

/**
 * Makes the cluster unless there is one, and returns the superuser's password.
 * initdb works under another name and a rename ends it, so a kill in between leaves no half cluster.
 *
 * @throws EmbeddedPostgresError START_FAILED with what initdb said
 */
export async function openCluster(
  folder: DataFolder,
  runtime: Runtime,
  user: ServerUser | undefined,
  { temporary }: { readonly temporary: boolean },
): Promise<string> {
  if (holdsCluster(folder)) return readFileSync(folder.passwordFile, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  rmSync(folder.newCluster, { recursive: true, force: true });
  mkdirSync(folder.newCluster, { mode: 0o700 });
  rmSync(folder.passwordFile, { force: true });
  writeFileSync(folder.passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) {
    chownSync(folder.newCluster, user.uid, user.gid);
    chownSync(folder.passwordFile, user.uid, user.gid); // initdb reads it under the server's account
  }
  const { succeeded, output } = await runProgram(runtime.initdb, initdbArguments(folder, temporary), {
    user,
    folder: folder.newCluster,
  });
  if (!succeeded) {
    throw new EmbeddedPostgresError('START_FAILED', `initdb could not make a cluster in ${folder.path}:\n${output}`);
  }
  renameSync(folder.newCluster, folder.cluster);
  return password;
}

function initdbArguments(folder: DataFolder, temporary: boolean): string[] {
  return [
    `--pgdata=${folder.newCluster}`,
    '--username=postgres',
    `--pwfile=${folder.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own C.UTF-8, because what the machine calls by that name differs between machines
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(temporary ? ['--no-sync'] : []),
  ];
}
