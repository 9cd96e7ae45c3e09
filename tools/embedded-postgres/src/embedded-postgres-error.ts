export type EmbeddedPostgresErrorCode =
  /** There are no binaries for this platform, or they do not run here. */
  | 'UNSUPPORTED_PLATFORM'
  /** The cluster could not be made or the server did not come up. */
  | 'START_FAILED'
  /** The server is still running after every way of stopping it. */
  | 'STOP_FAILED'
  /** A living process or server holds the data folder. */
  | 'IN_USE'
  /** The folder holds something that was not made here. */
  | 'NOT_OURS'
  /** The data was written by another major version of PostgreSQL. */
  | 'OTHER_VERSION'
  /** A setting that the launcher decides itself, or a name that is none. */
  | 'INVALID_SETTING';

/** Everything this package throws: the message tells what to do, the code is for programs. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
