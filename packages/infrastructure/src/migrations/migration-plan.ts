import { MigrationError } from './migration-error.js';
import { downOf, type Migration } from './migration-files.js';
import type { MigrationRecord } from './migration-journal.js';
import type { MigrationName } from './migration-report.js';

/** What would run, and what it would lose. */
export interface PlannedMigration extends MigrationName {
  readonly direction: 'up' | 'down';
  readonly isTransactional: boolean;
  readonly losses: readonly string[];
  readonly statements: readonly string[];
}

/** `down({ to: BEFORE_ALL })` takes every migration back. */
const BEFORE_ALL = '0';

/** What is not applied yet, in order, up to and with that version. @throws MigrationError MIGRATION_UNKNOWN */
export function pendingOf(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
  to?: string,
): readonly Migration[] {
  if (to !== undefined && !migrations.some(({ version }) => version === to)) throw unknown(to);
  const applied = new Set(records.map(({ version }) => version));
  return migrations.filter(({ version }) => !applied.has(version) && (to === undefined || version <= to));
}

/**
 * What is taken back, newest first: everything after that version, or the newest alone.
 * @throws MigrationError MIGRATION_UNKNOWN, MIGRATION_ONE_WAY
 */
export function revertedBy(
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
  to?: string,
): readonly Migration[] {
  if (to !== undefined && to !== BEFORE_ALL && !records.some(({ version }) => version === to)) throw unknown(to);
  const newestFirst = records.map(({ version }) => version).reverse();
  const versions = to === undefined ? newestFirst.slice(0, 1) : newestFirst.filter((version) => version > to);
  // '0' is before '0000' in the order of texts too.
  return versions.map((version) => {
    const migration = migrations.find((file) => file.version === version);
    if (!migration) throw unknown(version);
    downOf(migration);
    return migration;
  });
}

export function plannedOf(
  way: 'up' | 'down' | 'redo',
  migrations: readonly Migration[],
  records: readonly MigrationRecord[],
  to?: string,
): readonly PlannedMigration[] {
  if (way === 'up') return planned('up', pendingOf(migrations, records, to));
  const reverted = revertedBy(migrations, records, to);
  return [...planned('down', reverted), ...(way === 'redo' ? planned('up', reverted) : [])];
}

function planned(direction: 'up' | 'down', selected: readonly Migration[]): readonly PlannedMigration[] {
  return selected.flatMap(({ version, name, [direction]: script }) => {
    if (!script) return [];
    const { isTransactional, losses } = script;
    return [{ version, name, direction, isTransactional, losses, statements: script.statements.map(({ sql }) => sql) }];
  });
}

/** @throws MigrationError SCHEMA_MOVED when others are to be taken back than those that were looked at before */
export function refuseOthersThan(expected: readonly string[], reverted: readonly Migration[]): void {
  const versions = reverted.map(({ version }) => version);
  if (versions.join() === expected.join()) return;
  const named = (list: readonly string[]) => (list.length > 0 ? list.join(', ') : 'nothing');
  throw new MigrationError(
    'SCHEMA_MOVED',
    versions[0],
    `Others have moved the schema: ${named(expected)} was to be taken back, and now it would be ${named(versions)}. Nothing was done; look again.`,
  );
}

/** @throws MigrationError MIGRATION_LOSES_DATA for the first that loses something and was not named */
export function refuseLoss(reverted: readonly Migration[], accepted: readonly string[]): void {
  const refused = reverted.find(({ version, down }) => down && down.losses.length > 0 && !accepted.includes(version));
  if (!refused) return;
  throw new MigrationError(
    'MIGRATION_LOSES_DATA',
    refused.version,
    `To go back before ${refused.version} loses ${(refused.down?.losses ?? []).join('; ')}. ` +
      `Take a backup, then name the version to accept it: --accept-loss ${refused.version}.`,
  );
}

export function unknown(version: string): MigrationError {
  return new MigrationError(
    'MIGRATION_UNKNOWN',
    version,
    `There is no such migration here: ${version}. Give the four digits of one that "status" shows; down also takes 0, for before all.`,
  );
}
