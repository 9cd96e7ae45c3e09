import { ConfigurationError } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import { addressOf } from '../database/servers.js';
import { Session } from '../database/session.js';

/** How often a pooler is asked which process answers. It lends the one that was given back last, unless others are quicker. */
const LOOKS = 20;

/**
 * Refuses a session that is not one with a process of the server, before anything is done on it: the lock of the migrations
 * would be left on a process that others are lent, and two runners could have it at once.
 * @throws ConfigurationError
 */
export async function requireDirect(session: Session, config: DatabaseConfig): Promise<void> {
  const isSpokenFor = !session.isOfItsProcess || (await processOf(session)) !== session.backendPid;
  if (isSpokenFor && (await isLentByTheTransaction(session, config))) {
    throw behindPooler(session, 'lends another process of the server with each transaction');
  }
  if ((await lockTimeoutOf(session)) !== String(config.settings.lockTimeoutMs)) {
    throw behindPooler(session, 'keeps lock_timeout to itself, without which a migration makes everybody wait');
  }
}

/** Two sessions are answered by one process, or one by two. A pooler that lends for as long as a session lives is none. */
async function isLentByTheTransaction(session: Session, config: DatabaseConfig): Promise<boolean> {
  const other = await Session.connect(config);
  try {
    const [ours, theirs] = [new Set([session.backendPid]), new Set([other.backendPid])];
    for (let look = 0; look < LOOKS; look += 1) {
      ours.add(await processOf(session));
      theirs.add(await processOf(other));
      if (ours.size > 1 || theirs.size > 1 || [...ours].some((pid) => theirs.has(pid))) return true;
    }
    return false;
  } finally {
    await other.close();
  }
}

async function processOf(session: Session): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

async function lockTimeoutOf(session: Session): Promise<string | undefined> {
  const { rows } = await session.query<{ setting: string }>(
    `select setting from pg_settings where name = 'lock_timeout'`,
  );
  return rows[0]?.setting;
}

function behindPooler({ server }: Session, what: string): ConfigurationError {
  return new ConfigurationError(
    `What answers at ${addressOf(server)} is a pooler that ${what}. Migrations need a session of their own: ` +
      'run them on PostgreSQL itself, and nothing was done. Programs that go through it want DATABASE_POOLER.',
  );
}
