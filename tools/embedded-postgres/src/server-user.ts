import { readFileSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The account a server runs under when we are root, which PostgreSQL refuses to run as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference: PostgreSQL's own account (its name on Linux, on macOS), else the one that owns nothing. */
const ACCOUNTS = ['postgres', '_postgres', 'nobody'];

/**
 * The account to run the server under; undefined means our own.
 *
 * @throws EmbeddedPostgresError START_FAILED when we are root and there is no other account
 */
export function findServerUser(): ServerUser | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const user = chooseServerUser(readFileSync('/etc/passwd', 'utf8'));
  if (user !== undefined) return user;
  throw new EmbeddedPostgresError(
    'START_FAILED',
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody to run it as. ' +
      'Run this program as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

/** Chooses from the text of /etc/passwd; no account is made or changed. */
export function chooseServerUser(passwd: string): ServerUser | undefined {
  const accounts = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ACCOUNTS) {
    const [, , uid, gid] = accounts.find(([account]) => account === name) ?? [];
    // macOS writes nobody as -2, which the system calls take as unsigned
    if (uid !== undefined && gid !== undefined) return { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  return undefined;
}
