import type { Session } from '../database/session.js';
import { invalidIndexes, rebuildInvalidIndexes } from './invalid-indexes.js';
import type { Migration } from './migration-files.js';
import type { MigrationJournal } from './migration-journal.js';
import { pendingOf } from './migration-plan.js';
import { namesOf, type RepairReport } from './migration-report.js';
import type { MigrationRun } from './migration-run.js';

/** What a run works with while it holds the migrations' lock. */
export interface MigrationWork {
  readonly session: Session;
  readonly journal: MigrationJournal;
  readonly migrations: readonly Migration[];
  readonly run: MigrationRun;
}

/** See `Migrator.repair`. */
export async function repair(
  { session, journal, migrations, run }: MigrationWork,
  accept: readonly string[],
): Promise<RepairReport> {
  const records = await journal.records();
  const rebuilt = (await invalidIndexes(session)).map(({ name }) => name);
  const finished: Migration[] = [];
  for (const { version, state } of records) {
    const migration = migrations.find((file) => file.version === version);
    if (state === 'applied' || !migration) continue;
    await run.finish(migration, state);
    await journal.atomically(() => journal.tell({ action: 'repair', migration }));
    finished.push(migration);
  }
  await rebuildInvalidIndexes(session);
  const pending = new Set(pendingOf(migrations, records));
  const accepted = migrations.filter((file) => accept.includes(file.version) && !pending.has(file));
  for (const migration of accepted) {
    await journal.atomically(async () => {
      await journal.accept(migration);
      await journal.tell({ action: 'repair', migration });
    });
  }
  return { finished: namesOf(finished), rebuilt, accepted: namesOf(accepted) };
}
