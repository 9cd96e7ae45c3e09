import { rmSync } from 'node:fs';
import type { DataFolder } from './data-folder.js';
import { findProcess } from './process-table.js';
import { signalServer, type StoppableServer } from './stop-server.js';

interface Running {
  readonly server: StoppableServer;
  readonly folder: DataFolder;
  readonly temporary: boolean;
}

const running = new Set<Running>();

/** How long an exiting process waits for a temporary server; it usually takes some milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Stops the server when the process ends without stop(): as far as can be done in an exit handler. Signals stay
 * the application's own affair. Returns what takes it off again.
 */
export function cleanUpAtExit(entry: Running): () => void {
  if (running.size === 0) process.on('exit', cleanUpAll);
  running.add(entry);
  return () => {
    running.delete(entry);
    if (running.size === 0) process.off('exit', cleanUpAll);
  };
}

function cleanUpAll(): void {
  for (const entry of running) {
    try {
      cleanUp(entry);
    } catch {
      // The process is ending and must not fail here: the next start cleans up what is left.
    }
  }
}

function cleanUp({ server, folder, temporary }: Running): void {
  signalServer(server, temporary ? 'QUIT' : 'INT');
  if (!temporary) return; // it writes its checkpoint and ends without us
  const deadline = Date.now() + PATIENCE_MS;
  // Not server.isRunning(): that hears of the end by an event, and there are none any more
  while (findProcess(server.pid) !== undefined && Date.now() < deadline) pause(5);
  rmSync(folder.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
