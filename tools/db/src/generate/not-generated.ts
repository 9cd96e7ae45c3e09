import { BlotterError } from '@blotter/domain';
import { isSame, keyOfTable, type Snapshot } from './snapshot.js';
import { retypedColumns } from './stages.js';

/** A change whose files have to be written by hand. */
class NotGeneratedError extends BlotterError {
  readonly code = 'MIGRATION_NOT_GENERATED';
}

/** PostgreSQL has no type serial to change to, only a default and a sequence, which drizzle-kit leaves as they were. */
export function refuseSerial(present: Snapshot, before: Snapshot): void {
  for (const table of Object.values(present.tables)) {
    for (const name of retypedColumns(table, present, before)) {
      const types = [before.tables[keyOfTable(table)]?.columns[name]?.type ?? '', table.columns[name]?.type ?? ''];
      if (!types.some((type) => /serial$/i.test(type))) continue;
      throw new NotGeneratedError(
        `${table.name}.${name} changes from ${types.join(' to ')}, for which drizzle-kit's SQL does not work: serial is not a ` +
          'type, but a default and a sequence. Write both files of this migration by hand, or use an identity column.',
      );
    }
  }
}

/** drizzle-kit drops such a view by its new name before it has it, and makes it anew where the renamed one is. */
export function refuseRenamedAndChangedViews(present: Snapshot, before: Snapshot, renamed: readonly string[]): void {
  const changed = renamed.find((key) => before.views[key] && !isSame(present.views[key], before.views[key]));
  if (changed === undefined) return;
  throw new NotGeneratedError(
    `The view ${changed} is renamed and changed at once, for which drizzle-kit's SQL does not work. Rename it in one migration, ` +
      'and change it in the next.',
  );
}
