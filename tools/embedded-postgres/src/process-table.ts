import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

export interface RunningProcess {
  /** When it started, in the platform's own words; undefined where the platform does not say. */
  readonly started: string | undefined;
  /** Program and arguments; undefined where the platform does not say. */
  readonly command: string | undefined;
  /** The folder it works in, followed through renames; undefined where we may not look. */
  readonly workingFolder: string | undefined;
}

/**
 * What runs under a process id now. A zombie counts as gone: in a container whose first process never reaps,
 * a server that has ended keeps its id for ever and still answers `kill(pid, 0)`.
 */
export function findProcess(pid: number): RunningProcess | undefined {
  if (!answersSignals(pid)) return undefined;
  if (process.platform === 'win32') return UNKNOWN;
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

const UNKNOWN: RunningProcess = { started: undefined, command: undefined, workingFolder: undefined };

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function fromProc(pid: number): RunningProcess | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return UNKNOWN;
  // The second field is the name in brackets, which may itself hold spaces and brackets; the state follows it,
  // and the start time, in ticks since boot, is field 22 (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return {
    started: fields[19],
    command: attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()),
    workingFolder: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
  };
}

function fromPs(pid: number): RunningProcess | undefined {
  const column = (name: string): string | undefined =>
    attempt(() =>
      execFileSync('ps', ['-ww', '-o', `${name}=`, '-p', String(pid)], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    );
  if (column('state')?.startsWith('Z') === true) return undefined;
  return { started: column('lstart'), command: column('command'), workingFolder: undefined };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
