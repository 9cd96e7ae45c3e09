import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const FOLDER = '/usr/lib/postgresql/15/bin';

/** Debian's PostgreSQL 15: the embedded one has no pg_basebackup, without which there is no standby. */
export class DebianPostgres {
  /** Undefined where it is not installed. */
  static find(): DebianPostgres | undefined {
    if (!existsSync(`${FOLDER}/pg_basebackup`) || !existsSync(`${FOLDER}/initdb`)) return undefined;
    if (process.getuid?.() !== 0) return new DebianPostgres(undefined);
    // PostgreSQL refuses to run as root; Debian makes an account for it.
    const fields = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([name]) => name === 'postgres');
    return fields && new DebianPostgres({ uid: Number(fields[2]), gid: Number(fields[3]) });
  }

  private constructor(
    /** Whom its programs run as; undefined for ourselves. */
    readonly account: { readonly uid: number; readonly gid: number } | undefined,
  ) {}

  /** Runs one of its programs to its end. @throws with what it wrote when it fails */
  async run(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const child = spawn(`${FOLDER}/${program}`, args, {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...this.account,
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const status = await new Promise((resolve) => child.once('exit', resolve));
    if (status !== 0) throw new Error(`${program} failed: ${output.trim()}`);
  }
}
