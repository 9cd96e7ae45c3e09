import { locateDataFolder } from './data-folder-location.js';
import { inspectDataFolder } from './data-folder-inspection.js';
import { dataFolderAt, openCluster, type DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { cleanUpAtExit } from './exit-cleanup.js';
import { clearLeftovers, type Leftover } from './leftovers.js';
import { claimDataFolder, releaseDataFolder } from './owner-file.js';
import { prepareRuntime, type Runtime } from './runtime.js';
import { rotateLog } from './server-log.js';
import { launchServer } from './server-process.js';
import { settingArguments } from './server-settings.js';
import { findServerUser, type ServerUser } from './server-user.js';
import { stopServer } from './stop-server.js';
import { makeTemporaryFolder, removeTemporaryFolder, sweepTemporaryFolders } from './temporary-folder.js';

export interface EmbeddedPostgresOptions {
  /** Folder that keeps the data between runs. Without it the server is temporary: its data vanishes with stop(). */
  readonly dataDirectory?: string;
  /** Server settings, e.g. `{ fsync: 'off' }` for tests */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Connection URL (superuser, with password) of the database named; `postgres` by default */
  url(database?: string): string;
  readonly port: number;
  /** Where the data really lies: elsewhere than asked for when root's server cannot enter that folder */
  readonly dataDirectory: string;
  /** PostgreSQL's version, e.g. 18.4 */
  readonly version: string;
  /** What an earlier run had left in the data folder, and the start has put in order */
  readonly leftover: Leftover;
  /**
   * Ends all sessions and the server; removes the data of a temporary one. Settles also when the server has died,
   * and may be called again.
   *
   * @throws EmbeddedPostgresError STOP_FAILED when the server outlives it
   */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server of its own on 127.0.0.1, from the binaries that npm installed.
 *
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM, START_FAILED, IN_USE, NOT_OURS, OTHER_VERSION, INVALID_SETTING
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  try {
    settingArguments(options.settings ?? {}, 0); // before anything is made
    const user = findServerUser();
    const runtime = await prepareRuntime(user);
    const sweeping = sweepTemporaryFolders(runtime.pgCtl);
    const started = await startIn(chooseFolder(options, runtime, user), options, runtime, user);
    await sweeping;
    return started;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedPostgresError(
      'START_FAILED',
      `The embedded PostgreSQL could not be started: ${reason}. Correct that, or set DATABASE_URL to a server of your own.`,
      { cause: error },
    );
  }
}

function chooseFolder(
  { dataDirectory }: EmbeddedPostgresOptions,
  runtime: Runtime,
  user: ServerUser | undefined,
): DataFolder {
  if (dataDirectory === undefined) return makeTemporaryFolder(user);
  const folder = dataFolderAt(locateDataFolder(dataDirectory, runtime.version, user));
  inspectDataFolder(folder, runtime.version, user);
  return folder;
}

async function startIn(
  folder: DataFolder,
  options: EmbeddedPostgresOptions,
  runtime: Runtime,
  user: ServerUser | undefined,
): Promise<EmbeddedPostgres> {
  const temporary = options.dataDirectory === undefined;
  const { ownerDied } = claimDataFolder(folder);
  const giveUpFolder = async (): Promise<void> => {
    if (temporary) await removeTemporaryFolder(folder);
    else releaseDataFolder(folder);
  };
  try {
    const leftover = await clearLeftovers(folder, ownerDied, runtime.pgCtl);
    rotateLog(folder);
    const password = await openCluster(folder, runtime, user, { temporary });
    const server = await launchServer({ runtime, folder, user, settings: options.settings ?? {} });
    const cancelCleanUp = cleanUpAtExit({ server, folder, temporary });
    const stop = async (): Promise<void> => {
      await stopServer(server, ['INT', 'QUIT', 'KILL']);
      cancelCleanUp();
      await giveUpFolder();
    };
    let stopping: Promise<void> | undefined;
    return {
      url: (database = 'postgres') =>
        `postgres://postgres:${password}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`,
      port: server.port,
      dataDirectory: folder.path,
      version: runtime.version,
      leftover,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await giveUpFolder();
    throw error;
  }
}
