import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-files.js';
import type { MigrationRecord } from './migration-journal.js';

/** What does not agree between the files and what was recorded when they were applied; in the order of the versions. */
export function problemsOf(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
): readonly MigrationError[] {
  const newestFile = migrations.at(-1)?.version ?? '';
  const newestRecord = records.at(-1)?.version ?? '';
  const files = new Map(migrations.map((migration) => [migration.version, migration]));
  const recorded = new Set(records.map(({ version }) => version));
  const problems = records.flatMap((record) => {
    const file = files.get(record.version);
    if (!file) return [record.version > newestFile ? newer(record) : missing(record)];
    if (record.state !== 'applied') return [unfinished(record)];
    return isAsRecorded(file, record) ? [] : [edited(file, record)];
  });
  const late = migrations.filter(({ version }) => version < newestRecord && !recorded.has(version));
  return [...problems, ...late.map((migration) => tooLate(migration, newestRecord))];
}

/** What is wrong for one way and is just what another is for. */
const EXCUSED: Record<'up' | 'down' | 'redo', (problem: MigrationError, newest?: MigrationRecord) => boolean> = {
  up: () => false,
  down: ({ code, version }, newest) =>
    code === 'MIGRATION_LATE' ||
    // What cannot be finished (a unique index of rows that are not) can be taken back.
    (code === 'MIGRATION_UNFINISHED' && version === newest?.version && newest?.state === 'applying'),
  redo: ({ code, version }, newest) => code === 'MIGRATION_EDITED' && version === newest?.version,
};

/** @throws MigrationError for the first thing that does not agree, and that this way does not put right */
export function requireSound(
  way: 'up' | 'down' | 'redo',
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
): void {
  const problem = problemsOf(migrations, records).find((found) => !EXCUSED[way](found, records.at(-1)));
  if (problem) throw problem;
}

export function isAsRecorded({ up, down }: Migration, record: MigrationRecord): boolean {
  return (
    up.checksum === record.checksum && (record.downChecksum === undefined || record.downChecksum === down?.checksum)
  );
}

function newer({ version }: MigrationRecord): MigrationError {
  return new MigrationError(
    'SCHEMA_NEWER',
    version,
    `The database has migration ${version}, which this version of Blotter does not know. Update Blotter, or go back with the version that knows it.`,
  );
}

function missing({ version, name }: MigrationRecord): MigrationError {
  return new MigrationError(
    'MIGRATION_MISSING',
    version,
    `Migration ${version} was applied, and its file is gone. Put ${version}_${name}.sql back, from version control.`,
  );
}

function unfinished({ version, state }: MigrationRecord): MigrationError {
  const [way, back] = state === 'applying' ? ['up', ', or down, which takes it back'] : ['down', ''];
  return new MigrationError(
    'MIGRATION_UNFINISHED',
    version,
    `Migration ${version} runs outside a transaction; its way ${way} was begun and did not end. Run repair, which finishes it${back}.`,
  );
}

function edited(file: Migration, { version, checksum }: MigrationRecord): MigrationError {
  const which = file.up.checksum === checksum ? 'down file' : 'file';
  return new MigrationError(
    'MIGRATION_EDITED',
    version,
    `The ${which} of migration ${version} was changed after it was applied. Put it back as it was and write a new migration; ` +
      `where the schema is as the changed file says, run repair and accept ${version} by name.`,
  );
}

function tooLate({ version }: Migration, newest: string): MigrationError {
  return new MigrationError(
    'MIGRATION_LATE',
    version,
    `Migration ${version} was never applied, and is older than ${newest}, which was. ` +
      `Give it a number after ${newest}; or, where going back loses nothing, down to before it and up again.`,
  );
}
