import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.js';
import { childrenOf, killAll } from './process-tree.js';

const PATIENCE_MS = 60_000;

/**
 * The server of a data folder, which is killed with SIGKILL and started again just as it was: PostgreSQL itself writes the
 * command line of its last start into postmaster.opts.
 */
export class Postmaster {
  /** @param cluster PostgreSQL's data folder */
  constructor(private readonly cluster: string) {}

  /** Kills the server and every process of it, as a failing machine does; they are gone when it returns. */
  async kill(): Promise<void> {
    const pid = this.pid();
    // Stopped first, so that it starts no other process meanwhile.
    process.kill(pid, 'SIGSTOP');
    const children = childrenOf(pid);
    await killAll([pid, ...children]);
  }

  /** Starts it again on the same folder and port. @returns the moment when it accepted connections, in milliseconds since 1970 */
  async startAgain(): Promise<number> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const ended = this.spawn();
      for (;;) {
        if (this.isReady()) return now();
        if (Date.now() > deadline) throw new Error('The server does not come back.');
        // It ends at once while the shared memory of the one before is still there.
        if (await Promise.race([ended.then(() => true), delay(2, false)])) break;
      }
      await delay(50);
    }
  }

  /** Its process id, from the first line of postmaster.pid. */
  private pid(): number {
    return Number(this.lines()[0]);
  }

  private isReady(): boolean {
    const [pid, , , , , , , status] = this.lines();
    return pid !== undefined && this.spawned === Number(pid) && status?.trim() === 'ready';
  }

  private lines(): readonly string[] {
    try {
      return readFileSync(join(this.cluster, 'postmaster.pid'), 'utf8').split('\n');
    } catch {
      return [];
    }
  }

  private spawned = 0;

  /** @returns a promise of its end */
  private spawn(): Promise<void> {
    const [program = '', ...args] = commandLineOf(readFileSync(join(this.cluster, 'postmaster.opts'), 'utf8'));
    const { uid, gid } = statSync(this.cluster);
    const log = openSync('/dev/null', 'w');
    const account = process.getuid?.() === 0 ? { uid, gid } : {};
    const child = spawn(program, args, {
      cwd: this.cluster,
      detached: true,
      env: { TZ: 'UTC', LC_ALL: 'C' },
      stdio: ['ignore', log, log],
      ...account,
    });
    closeSync(log);
    child.unref();
    this.spawned = child.pid ?? 0;
    return new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.once('error', () => {
        resolve();
      });
    });
  }
}

/** The program and its arguments, of which each but the first stands in quotation marks. */
function commandLineOf(text: string): readonly string[] {
  const [program = '', ...rest] = text.trim().split(' "');
  return [program, ...rest.map((argument) => argument.replace(/"$/, ''))];
}
