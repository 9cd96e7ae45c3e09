import { toSnakeCase } from 'drizzle-orm/casing';
import type { BulkTable } from './bulk-table.js';

/**
 * An update of many rows of a table. One that is not there at the version expected fails inside the server, as the update of
 * one does: COMMIT may be behind it already. So does a second one of the same id, for only one of the two is done.
 * @param given a select of the columns of an update, a row for each
 */
export function updateFrom({ kind, name, changes }: BulkTable, given: string): string {
  const sets = changes.map(toSnakeCase).map((column) => `${column} = given.${column}`);
  return `with given as (${given}),
    changed as (
      update ${name} set ${sets.join(', ')} from given
      where ${name}.id = given.id and ${name}.version = given.expected
      returning ${name}.id)
    select require_one('${kind}', (select id from given except all select id from changed limit 1), 0)
    where (select count(*) from changed) <> (select count(*) from given)`;
}
