import { BlotterError } from '@blotter/domain';
import { Session, type DatabaseConfig } from '@blotter/infrastructure';

/** An advisory lock of the example's own; any number that nobody else uses. */
const LOCK = '7265727';

/** Another session is at work in the database. */
class SessionRunningError extends BlotterError {
  readonly code = 'SESSION_RUNNING';

  constructor() {
    super(
      'Another paper-trading session is running on this database. Wait for its end, or name another database in DATABASE_URL.',
    );
  }
}

interface SessionLock {
  release(): Promise<void>;
}

/**
 * Keeps other sessions off the database. They would not harm the books, but there is one mark per symbol: each session
 * would value its positions at the other one's days. The lock goes with its connection, so a killed session holds none.
 * @throws SessionRunningError
 */
export async function lockSession(config: DatabaseConfig): Promise<SessionLock> {
  const connection = await Session.connect(config);
  try {
    const { rows } = await connection.query<{ locked: boolean }>(`select pg_try_advisory_lock(${LOCK}) as locked`);
    if (rows[0]?.locked !== true) throw new SessionRunningError();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { release: () => connection.close() };
}
