import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findProcess } from './process-table.js';

/** A server as something to be stopped; whether it runs is asked anew each time. */
export interface StoppableServer {
  readonly pid: number;
  readonly pgCtl: string;
  isRunning(): boolean;
}

/** PostgreSQL's fast shutdown (ends sessions, writes a checkpoint), its immediate one, and the last resort. */
export type StopSignal = 'INT' | 'QUIT' | 'KILL';

const PATIENCE_MS: Readonly<Record<StopSignal, number>> = { INT: 30_000, QUIT: 10_000, KILL: 5_000 };

/**
 * Stops a server, more and more firmly.
 *
 * @throws EmbeddedPostgresError STOP_FAILED when it outlives all of it
 */
export async function stopServer(server: StoppableServer, signals: readonly StopSignal[]): Promise<void> {
  for (const signal of signals) {
    signalServer(server, signal);
    const deadline = Date.now() + PATIENCE_MS[signal];
    while (server.isRunning() && Date.now() < deadline) await delay(10);
    if (!server.isRunning()) return;
  }
  throw new EmbeddedPostgresError(
    'STOP_FAILED',
    `The PostgreSQL server with pid ${server.pid} does not stop. End it by hand (kill -9 ${server.pid}), then start again.`,
  );
}

/** Sends it while the server runs, and does nothing when it has gone. */
export function signalServer(server: StoppableServer, signal: StopSignal): void {
  if (!server.isRunning()) return;
  try {
    // Windows has no signals; PostgreSQL carries them through a pipe of its own, which pg_ctl knows.
    if (process.platform === 'win32') execFileSync(server.pgCtl, ['kill', signal, String(server.pid)]);
    else process.kill(server.pid, `SIG${signal}`);
  } catch (error) {
    if (server.isRunning()) throw error;
  }
}

/** A server that another process started: known by its pid and by when it began, so that no later one is hit. */
export function strayServer(pid: number, pgCtl: string): StoppableServer {
  const started = findProcess(pid)?.started;
  return {
    pid,
    pgCtl,
    isRunning: () => {
      const found = findProcess(pid);
      return found !== undefined && found.started === started;
    },
  };
}
