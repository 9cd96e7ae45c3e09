import type { Migration } from './migration-files.js';
import type { MigrationRecord } from './migration-journal.js';
import { isAsRecorded } from './migration-problems.js';

/** A migration, of the files or of the database. */
export interface MigrationStatus {
  readonly version: string;
  readonly name: string;
  /** As in the errors: pending ones that are older than the newest applied are late, applied ones without a file missing or newer. */
  readonly state: 'applied' | 'pending' | 'unfinished' | 'edited' | 'late' | 'missing' | 'newer';
  /** Whether there is a way back, and what it would lose. */
  readonly isReversible: boolean;
  readonly losses: readonly string[];
  readonly appliedAt: string | undefined;
  readonly appliedBy: string | undefined;
  readonly durationMs: number | undefined;
  readonly toolVersion: string | undefined;
}

/** Every migration that is in the folder or in the database, in order. */
export function statusOf(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
): readonly MigrationStatus[] {
  const newestFile = migrations.at(-1)?.version ?? '';
  const newestRecord = records.at(-1)?.version ?? '';
  const versions = new Set([...migrations, ...records].map(({ version }) => version));
  return [...versions].sort().map((version) => {
    const file = migrations.find((migration) => migration.version === version);
    const record = records.find((applied) => applied.version === version);
    return {
      version,
      name: file?.name ?? record?.name ?? '',
      state: record ? stateOf(file, record, newestFile) : version < newestRecord ? 'late' : 'pending',
      isReversible: file?.down !== undefined,
      losses: file?.down?.losses ?? [],
      appliedAt: record?.appliedAt,
      appliedBy: record?.appliedBy,
      durationMs: record?.durationMs,
      toolVersion: record?.toolVersion,
    };
  });
}

function stateOf(file: Migration | undefined, record: MigrationRecord, newestFile: string): MigrationStatus['state'] {
  if (!file) return record.version > newestFile ? 'newer' : 'missing';
  if (record.state !== 'applied') return 'unfinished';
  return isAsRecorded(file, record) ? 'applied' : 'edited';
}
