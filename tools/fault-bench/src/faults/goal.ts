import { now } from '../clock.js';

/** How much is wanted of something, for as many as work on it together. */
export class Goal {
  private done = 0;
  private begun = 0;

  constructor(
    private readonly wanted: number,
    /** After this moment it counts as reached. */
    private readonly until: number,
  ) {}

  get isReached(): boolean {
    return this.done >= this.wanted || now() > this.until;
  }

  add(count: number): void {
    this.done += count;
  }

  /** A run that was begun has shown nothing: another takes its place. */
  putBack(): void {
    this.begun -= 1;
  }

  /** The number of the next run, from 0; undefined when enough have begun, or the time is over. */
  next(): number | undefined {
    return this.begun >= this.wanted || now() > this.until ? undefined : this.begun++;
  }
}
