import type { Migration } from './migration-files.js';

/** A migration by its version and name. */
export type MigrationName = Pick<Migration, 'version' | 'name'>;

export interface MigrationReport {
  /** What was taken back, in that order. */
  readonly reverted: readonly MigrationName[];
  /** What was applied, in that order; empty when the schema was current. */
  readonly applied: readonly MigrationName[];
  /** The newest version that is applied now; undefined when none is. */
  readonly current: string | undefined;
}

export interface RepairReport {
  /** What was begun outside a transaction, and is finished now. */
  readonly finished: readonly MigrationName[];
  /** Indexes that were broken and are built again. */
  readonly rebuilt: readonly string[];
  /** Indexes that were broken and are gone: their migration drops them, or they were left over from a build. */
  readonly removed: readonly string[];
  /** Whose files are taken for those that were applied. */
  readonly accepted: readonly MigrationName[];
}

export const namesOf = (migrations: readonly Migration[]): readonly MigrationName[] =>
  migrations.map(({ version, name }) => ({ version, name }));
