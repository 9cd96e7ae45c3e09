import type { EntityKind } from '@blotter/domain';
import { sql, type SQL } from 'drizzle-orm';

/**
 * The check of an update or removal, inside the server: raises BL001 when not exactly one row had the id and the version.
 * COMMIT may be on the wire before the answer is read; so it becomes a ROLLBACK.
 */
export function requireOne(kind: EntityKind): SQL<boolean> {
  return sql<boolean>`require_one(${sql.raw(`'${kind}'`)}, ${sql.placeholder('id')}::uuid, count(*))`;
}
