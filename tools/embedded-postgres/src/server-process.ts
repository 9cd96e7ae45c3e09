import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findFreePort } from './free-port.js';
import { readPostmasterFile } from './postmaster-file.js';
import { credentials, programEnvironment } from './run-program.js';
import type { Runtime } from './runtime.js';
import { lastLines, logSince, logSize } from './server-log.js';
import { settingArguments } from './server-settings.js';
import type { ServerUser } from './server-user.js';
import { stopServer, type StoppableServer } from './stop-server.js';

export interface ServerProcess extends StoppableServer {
  readonly port: number;
}

export interface Launch {
  readonly runtime: Runtime;
  readonly folder: DataFolder;
  readonly user: ServerUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** Gives the port to try; a free one by default. */
  readonly choosePort?: () => Promise<number>;
}

/** Another process took the port between our looking and the server's listening. */
const PORT_TAKEN = /could not bind|Address already in use|could not create any TCP\/IP sockets/;
/** A server was killed, and its sessions are still noticing. */
const STILL_ENDING = /pre-existing shared memory block/;
const ATTEMPTS = 10;
/** Replaying the log of a crash can take its time. */
const PATIENCE_MS = 120_000;

/**
 * Starts the server and waits until it accepts connections.
 *
 * @throws EmbeddedPostgresError START_FAILED with the last lines of the log, INVALID_SETTING
 */
export async function launchServer(launch: Launch): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = await (launch.choosePort ?? findFreePort)();
    const logged = logSize(launch.folder);
    const server = spawnServer(launch, port);
    const outcome = await waitUntilReady(server, launch.folder);
    if (outcome === 'ready') return server;
    if (outcome === 'slow') await stopServer(server, ['INT', 'QUIT', 'KILL']);
    const log = logSince(launch.folder, logged);
    const passing = PORT_TAKEN.test(log) || STILL_ENDING.test(log);
    if (outcome === 'ended' && passing && attempt < ATTEMPTS) {
      await delay(STILL_ENDING.test(log) ? 300 : 0);
      continue;
    }
    throw startFailed(launch.folder, server.failure() ?? log, outcome);
  }
}

interface SpawnedServer extends ServerProcess {
  /** Why it could not be run at all. */
  failure(): string | undefined;
}

function spawnServer({ runtime, folder, user, settings }: Launch, port: number): SpawnedServer {
  const args = ['-D', folder.cluster, ...settingArguments(settings, port)];
  const log = openSync(folder.logFile, 'a', 0o600);
  let ended = false;
  let failure: string | undefined;
  try {
    // In a process group of its own: Ctrl-C in a terminal goes to the whole group, and the server must not stop
    // before the application has finished its work.
    const child = spawn(runtime.postgres, args, {
      cwd: folder.cluster,
      detached: true,
      env: programEnvironment(),
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...credentials(user),
    });
    child.once('exit', () => (ended = true));
    child.once('error', (error) => {
      failure = error.message;
      ended = child.pid === undefined;
    });
    child.unref();
    const { pid = 0 } = child;
    return { pid, port, pgCtl: runtime.pgCtl, isRunning: () => !ended && pid !== 0, failure: () => failure };
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(server: SpawnedServer, folder: DataFolder): Promise<'ready' | 'ended' | 'slow'> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (!server.isRunning()) {
      await delay(0); // the reason comes with the next turn of the event loop
      return 'ended';
    }
    const found = readPostmasterFile(folder.cluster);
    if (found?.pid === server.pid && found.status === 'ready') return 'ready';
    await delay(10);
  }
  return 'slow';
}

function startFailed(folder: DataFolder, log: string, outcome: 'ended' | 'slow'): EmbeddedPostgresError {
  const what = outcome === 'ended' ? 'ended while starting' : `was not ready after ${PATIENCE_MS / 1000} seconds`;
  return new EmbeddedPostgresError(
    'START_FAILED',
    `The PostgreSQL server ${what}. Its last words:\n${lastLines(log) || '(none)'}\n` +
      `Correct what they name (a setting, rights, a full disk) and start again. The data folder was ${folder.path}.`,
  );
}
