import { BlotterError } from '@blotter/domain';

/** What can be wrong with a schema and its migrations; docs/migrations.md has the way out of each. */
export type MigrationErrorCode =
  /** A file is not as it was when it was applied. */
  | 'MIGRATION_EDITED'
  /** The file of an applied migration is gone. */
  | 'MIGRATION_MISSING'
  /** A file that was never applied is older than the newest that was. */
  | 'MIGRATION_LATE'
  /** Two files have one version. */
  | 'MIGRATION_DUPLICATED'
  /** A file has a header that is not known, or none of the names that migrations have. */
  | 'MIGRATION_MALFORMED'
  /** No file has the version that was asked for. */
  | 'MIGRATION_UNKNOWN'
  /** A file that runs outside a transaction was begun and did not end. */
  | 'MIGRATION_UNFINISHED'
  /** An index is there that no query uses: a build of it was broken off. */
  | 'INDEX_INVALID'
  /** There is no down file. */
  | 'MIGRATION_ONE_WAY'
  /** Going back would lose what its file names, and was not asked for by version. */
  | 'MIGRATION_LOSES_DATA'
  /** A statement of the file was refused; the cause says why. */
  | 'MIGRATION_FAILED'
  /** A table was in use for as long as the runner had patience. */
  | 'MIGRATION_BLOCKED'
  /** Another runner held the lock for longer than this one would wait. */
  | 'MIGRATION_RUNNING'
  /** Others than the versions that were expected would be taken back. */
  | 'SCHEMA_MOVED'
  /** The role may not make, read or write what the migrator keeps. */
  | 'MIGRATION_FORBIDDEN'
  /** Migrations are recorded already, where there must be none. */
  | 'SCHEMA_NOT_EMPTY'
  /** The schema lacks migrations that this version brings. */
  | 'SCHEMA_OUTDATED'
  /** The schema has migrations that this version does not know. */
  | 'SCHEMA_NEWER';

/** The schema cannot be moved, or is not what it must be. The message says what to do. */
export class MigrationError extends BlotterError {
  constructor(
    readonly code: MigrationErrorCode,
    /** The migration it is about. */
    readonly version: string | undefined,
    message: string,
    details: { readonly cause?: unknown } = {},
  ) {
    super(message, details);
  }
}
