import type { Session } from '../database/session.js';
import { invalidIndexes, namesOfIndexes, rebuildInvalidIndexes } from './invalid-indexes.js';
import type { Migration } from './migration-files.js';
import type { MigrationJournal } from './migration-journal.js';
import { unknown } from './migration-plan.js';
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
  const applied = new Set(records.map(({ version }) => version));
  const accepted = accept.map((named) => {
    const migration = migrations.find(({ version }) => version === named);
    if (!migration || !applied.has(named)) throw unknown(named);
    return migration;
  });
  const broken = (await invalidIndexes(session)).map(({ name }) => name);
  const finished: Migration[] = [];
  for (const { version, state } of records) {
    const migration = migrations.find((file) => file.version === version);
    if (state === 'applied' || !migration) continue;
    await run.finish(migration, state);
    await journal.atomically(() => journal.tell({ action: 'repair', migration }));
    finished.push(migration);
  }
  await rebuildInvalidIndexes(session);
  for (const migration of accepted) {
    await journal.atomically(async () => {
      await journal.accept(migration);
      await journal.tell({ action: 'repair', migration });
    });
  }
  // One that was to be dropped is gone with its file; a leftover is gone in any case.
  const there = await namesOfIndexes(session);
  return {
    finished: namesOf(finished),
    rebuilt: broken.filter((name) => there.has(name)),
    removed: broken.filter((name) => !there.has(name)),
    accepted: namesOf(accepted),
  };
}
