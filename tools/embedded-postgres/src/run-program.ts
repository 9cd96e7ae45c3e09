import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.js';

export interface ProgramResult {
  readonly succeeded: boolean;
  /** What it wrote to stdout and stderr, or why it could not be run. */
  readonly output: string;
}

/** Runs one of PostgreSQL's programs to its end. Never rejects: a program that cannot be run has not succeeded. */
export function runProgram(
  program: string,
  args: readonly string[],
  { user, folder }: { readonly user: ServerUser | undefined; readonly folder: string },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...credentials(user),
    });
    let output = '';
    const collect = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => {
      resolve({ succeeded: false, output: error.message });
    });
    child.once('close', (status, signal) => {
      if (signal !== null) output += `\n${program} was ended by ${signal}`;
      resolve({ succeeded: status === 0, output: output.trim() });
    });
  });
}

/** What spawn needs to run a program as that user. */
export function credentials(user: ServerUser | undefined): { uid: number; gid: number } | Record<string, never> {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

/**
 * The environment of PostgreSQL's programs: nothing of ours gets in, since PGDATA, PGPORT, LD_LIBRARY_PATH or a
 * locale of the developer's shell would change what is started. Windows needs SystemRoot to open sockets.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { TZ: 'UTC', LC_ALL: 'C', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) };
}
