import { ConfigurationError } from '@blotter/application';
import type { DatabaseConfig } from '../database/database-config.js';
import { Session } from '../database/session.js';
import { translateError } from '../database/translate-error.js';
import { requireDirect } from './direct-session.js';
import { explainForbidden } from './journal-tables.js';

/** A data migration or the build of an index may take hours; a day is the longest there is. */
export const DAY_MS = 86_400_000;

/**
 * Runs work on a session of its own, straight to PostgreSQL: the lock that keeps runs apart belongs to a session, and a pooler
 * lends another one with every transaction.
 * @throws ConfigurationError behind a pooler, whether it was named or is found out; what the work throws, in the application's words
 */
export async function withMigrationSession<Result>(
  config: DatabaseConfig,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  if (config.settings.pooler !== 'none') {
    throw new ConfigurationError(
      'Migrations need a session of their own: run them on PostgreSQL itself, without DATABASE_POOLER.',
    );
  }
  const direct = config.with({
    commandTimeoutMs: DAY_MS,
    idleInTransactionTimeoutMs: DAY_MS,
    lockTimeoutMs: config.settings.migrationLockTimeoutMs,
  });
  const session = await Session.connect(direct);
  try {
    await requireDirect(session, direct);
    // So that the server soon lets go of what a runner that was killed has begun. Not every platform has it.
    await session.query(`set client_connection_check_interval = '1s'`).catch(() => undefined);
    return await work(session);
  } catch (error) {
    throw await explainForbidden(session, config, translateError(error));
  } finally {
    await session.close();
  }
}
