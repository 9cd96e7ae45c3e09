import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ContestantProcess, nodeProgram } from './contestant-process.js';
import type { ContestantName } from './names.js';
import { Pgbench } from './pgbench.js';
import type { Runner } from './runner.js';

/** Why somebody is left out, in a word. */
export interface LeftOut {
  readonly leftOut: string;
}

/** A new process of it, each time. */
export type StartRunner = () => Promise<Runner>;

/** The one in use, and Debian's own, which has Debian's packages. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const PSYCOPG = fileURLToPath(new URL('../../python/contestant.py', import.meta.url));

/** Looks once whether a contestant can be had on this machine. @returns what starts it, or why it cannot be had */
export async function findContestant(name: ContestantName): Promise<StartRunner | LeftOut> {
  if (name === 'pgbench') {
    return Pgbench.isInstalled ? () => Promise.resolve(new Pgbench()) : { leftOut: 'it is not installed' };
  }
  if (name !== 'psycopg') return () => ContestantProcess.start(nodeProgram(name));
  for (const python of PYTHONS) {
    if (await hasPsycopg(python)) return () => ContestantProcess.start({ command: python, args: ['-B', PSYCOPG] });
  }
  return { leftOut: 'python3 or python3-psycopg is not installed' };
}

async function hasPsycopg(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import psycopg']);
    return true;
  } catch {
    return false;
  }
}
