import type { Session } from '../database/session.js';
import { unhurried } from './unhurried.js';

/**
 * In the book's own schema. What is being built now is not valid yet, and is left alone. Which index another role builds, a
 * role without pg_read_all_stats is not shown (it is null); but that it builds one, and of which table, by its locks.
 */
const INVALID = `select quote_ident(relname) as name, relname ~ '_cc(new|old)[0-9]*$' as leftover
  from pg_index join pg_class on pg_class.oid = indexrelid
  where not indisvalid and relnamespace = current_schema()::regnamespace
    and not exists (
      select from pg_stat_progress_create_index as build join pg_locks on pg_locks.pid = build.pid
      where build.datname = current_database() and relation = indrelid
        and (build.index_relid is null or build.index_relid = indexrelid))
  order by relname`;

interface InvalidIndex {
  readonly name: string;
  /** What a REINDEX CONCURRENTLY that was broken off left beside the index. */
  readonly leftover: boolean;
}

/** Indexes that no query uses, because their build was broken off; they cost every write all the same. */
export async function invalidIndexes(session: Session): Promise<readonly InvalidIndex[]> {
  const { rows } = await session.query<InvalidIndex>(INVALID);
  return rows;
}

/** Builds them again, beside whoever reads and writes. */
export async function rebuildInvalidIndexes(session: Session): Promise<readonly string[]> {
  const indexes = await invalidIndexes(session);
  for (const { name, leftover } of indexes) {
    await unhurried(session, async () => {
      await session.query(leftover ? `drop index concurrently ${name}` : `reindex index concurrently ${name}`);
    });
  }
  return indexes.map(({ name }) => name);
}

/** All that are there, in the book's own schema. */
export async function namesOfIndexes(session: Session): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relkind = 'i' and relnamespace = current_schema()::regnamespace`,
  );
  return new Set(rows.map(({ name }) => name));
}
