/** What is counted over all lanes of the cut. */
export class CutTally {
  rounds = 0;
  /** Connections that were cut. */
  cutConnections = 0;
  /** Of those, with a transaction in flight. */
  inFlight = 0;
  neighboursHit = 0;
  brokenPools = 0;
  hungCloses = 0;
  failedOpens = 0;
  readonly notes: string[] = [];

  breakPool(note: string): void {
    this.brokenPools += 1;
    this.notes.push(note);
  }
}
