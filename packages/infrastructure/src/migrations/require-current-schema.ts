import type { DatabaseConfig } from '../database/database-config.js';
import { Session } from '../database/session.js';
import { translateError } from '../database/translate-error.js';
import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-files.js';
import { MigrationJournal } from './migration-journal.js';
import { pendingOf } from './migration-plan.js';
import { problemsOf } from './migration-problems.js';

/** Asks once; a read alone, so behind a pooler too. @throws MigrationError SCHEMA_OUTDATED, SCHEMA_NEWER, or what else is wrong */
export async function requireCurrentSchema(config: DatabaseConfig, migrations: readonly Migration[]): Promise<void> {
  const session = await Session.connect(config);
  try {
    const records = await new MigrationJournal(session, config).records();
    const [problem = pendingProblem(pendingOf(migrations, records))] = problemsOf(migrations, records);
    if (problem) throw problem;
  } catch (error) {
    throw translateError(error);
  } finally {
    await session.close();
  }
}

function pendingProblem(pending: readonly Migration[]): MigrationError | undefined {
  const [first] = pending;
  return (
    first &&
    new MigrationError(
      'SCHEMA_OUTDATED',
      first.version,
      `The schema lacks ${pending.length} migrations of this version, from ${first.version} on. Run up before this program is started.`,
    )
  );
}
