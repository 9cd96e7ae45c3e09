import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { holdsCluster, type DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { ServerUser } from './server-user.js';

/** Files that exist for a moment while another process starts, see canHost and claimDataFolder. */
const PASSING = /^(\.probe-|owner\.json\.)/;

/**
 * Refuses a folder that we must not use, before anything is written to it.
 *
 * @throws EmbeddedPostgresError NOT_OURS, OTHER_VERSION
 */
export function inspectDataFolder(folder: DataFolder, version: string, user: ServerUser | undefined): void {
  if (!holdsCluster(folder)) {
    refuseForeignContent(folder, version);
    return;
  }
  refuseOtherMajor(folder.path, folder.cluster, version);
  if (!existsSync(folder.passwordFile)) {
    throw new EmbeddedPostgresError(
      'NOT_OURS',
      `${folder.path} holds a cluster, but not the file ${basename(folder.passwordFile)} that was made with it. ` +
        'Put the file back, or choose another data folder.',
    );
  }
  const owner = statSync(folder.cluster).uid;
  const account = user?.uid ?? process.geteuid?.() ?? owner;
  if (owner !== account) {
    throw new EmbeddedPostgresError(
      'NOT_OURS',
      `The cluster in ${folder.path} belongs to user id ${owner}, and the server would run as user id ${account}. ` +
        'Start it as the user who made it, or choose another data folder.',
    );
  }
}

function refuseForeignContent(folder: DataFolder, version: string): void {
  const content = readdirSync(folder.path).filter((name) => !PASSING.test(name));
  if (content.includes('PG_VERSION')) {
    refuseOtherMajor(folder.path, folder.path, version);
    throw new EmbeddedPostgresError(
      'NOT_OURS',
      `${folder.path} is a cluster that was not made here, so its password is not known. ` +
        'Start it with its own PostgreSQL and set DATABASE_URL, or choose another data folder.',
    );
  }
  // A process that was killed while it made the cluster leaves some of our own files; the owner file comes first.
  const own = Object.values(folder).map((path: string) => basename(path));
  const unfinished = content.includes(basename(folder.ownerFile)) && content.every((name) => own.includes(name));
  if (content.length > 0 && !unfinished) {
    const some = content.slice(0, 3).join(', ');
    throw new EmbeddedPostgresError(
      'NOT_OURS',
      `${folder.path} is not empty and holds no cluster (it holds ${some}), so nothing is written to it. ` +
        'Choose an empty or a new folder for the data.',
    );
  }
}

function refuseOtherMajor(path: string, cluster: string, version: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const [major] = version.split('.');
  if (found === major) return;
  throw new EmbeddedPostgresError(
    'OTHER_VERSION',
    `The data in ${path} was written by PostgreSQL ${found}, and this is ${version}, which cannot read it. ` +
      `Either dump it with pg_dump of PostgreSQL ${found} and restore it into a new data folder, or, ` +
      'if you do not need it, remove the folder and start again.',
  );
}
