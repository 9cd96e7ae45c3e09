/** What has happened in a session so far. */
export class Tally {
  orders = 0;
  executions = 0;
  /** Executions that the broker sent again, and the book recognised. */
  duplicatesIgnored = 0;
  rejected = 0;
  cancelled = 0;
  expired = 0;
  /** Orders that the limits of their portfolio did not allow. */
  refused = 0;
  snapshots = 0;
  /** How long it took to record each execution, in milliseconds. */
  readonly recordingMs: number[] = [];
}
