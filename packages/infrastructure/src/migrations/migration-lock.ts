import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../database/session.js';
import { MigrationError } from './migration-error.js';

/** "BLOTTER" on a telephone's keys: who migrates holds this advisory lock, so two runs in one database never overlap. */
const MIGRATION_LOCK = '2568837';

const LOOK_MS = 50;

/** The server's process that holds the lock; a bigint key is shown in two halves, and objsubid says that it is one. */
const HOLDER = `select pid from pg_locks
  where locktype = 'advisory' and granted and classid = 0 and objid = ${MIGRATION_LOCK} and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())`;

/**
 * Works while this session holds the lock of the migrations, and gives it back before the session is closed: who is behind a
 * pooler closes nothing. It is asked for again and again: a session that waits for it within one statement has a snapshot, and
 * the concurrent index build of the runner that holds the lock would wait for that snapshot to end.
 * @throws MigrationError MIGRATION_RUNNING
 */
export async function underMigrationLock<Result>(
  session: Session,
  waitMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  await lock(session, waitMs);
  try {
    return await work();
  } finally {
    // With a session that is lost, the lock is too.
    if (session.isUsable) await session.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => undefined);
  }
}

async function lock(session: Session, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const { rows } = await session.query<{ held: boolean }>(`select pg_try_advisory_lock(${MIGRATION_LOCK}) as held`);
    if (rows[0]?.held) return;
    if (performance.now() >= deadline) throw await anotherRunner(session, waitMs);
    await sleep(LOOK_MS);
  }
}

async function anotherRunner(session: Session, waitMs: number): Promise<MigrationError> {
  const { rows } = await session.query<{ pid: number }>(HOLDER);
  const holder = rows[0] ? `process ${rows[0].pid} of the server` : 'another runner';
  return new MigrationError(
    'MIGRATION_RUNNING',
    undefined,
    `For ${waitMs} ms ${holder} has been migrating this database. Wait for it, or look in pg_stat_activity what it does.`,
  );
}
