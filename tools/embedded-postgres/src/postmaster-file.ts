import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProcess } from './process-table.js';

/** What postmaster.pid says; its lines are listed in PostgreSQL's src/include/utils/pidfile.h. */
export interface PostmasterFile {
  readonly pid: number;
  /** 'starting', 'ready', 'stopping' …; undefined early in the start */
  readonly status: string | undefined;
}

export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(postmasterFileOf(cluster), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, status: lines[7]?.trim() } : undefined;
}

export function postmasterFileOf(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/**
 * Whether that process is the server of this cluster. 'unsure' is a PostgreSQL whose data we cannot tell, or a
 * platform that does not say what a process runs.
 */
export function isServerOf(cluster: string, pid: number): 'yes' | 'no' | 'unsure' {
  const found = findProcess(pid);
  if (found === undefined) return 'no';
  if (found.command === undefined) return 'unsure';
  // Not its first word: the folder of the programs may have spaces in its name
  if (!/(^|[/\\])postgres(\.exe)?:?( |$)/.test(found.command)) return 'no';
  if (found.workingFolder !== undefined) return found.workingFolder === cluster ? 'yes' : 'no';
  return `${found.command} `.includes(` -D ${cluster} `) ? 'yes' : 'unsure';
}
