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

const PYTHON = 'python3';
const PSYCOPG = fileURLToPath(new URL('../../python/contestant.py', import.meta.url));

/** Starts a contestant, or says why it cannot be had on this machine. */
export async function startContestant(name: ContestantName): Promise<Runner | LeftOut> {
  if (name === 'pgbench') return Pgbench.isInstalled ? new Pgbench() : { leftOut: 'it is not installed' };
  if (name !== 'psycopg') return ContestantProcess.start(nodeProgram(name));
  try {
    await promisify(execFile)(PYTHON, ['-c', 'import psycopg']);
  } catch {
    return { leftOut: 'python3 or python3-psycopg is not installed' };
  }
  return ContestantProcess.start({ command: PYTHON, args: ['-B', PSYCOPG] });
}
