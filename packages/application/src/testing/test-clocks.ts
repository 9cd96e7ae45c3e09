import { Timestamp } from '@blotter/domain';
import type { Clock } from '../clock.js';

/** A clock that stands still until it is set. */
export class FixedClock implements Clock {
  constructor(private time: Timestamp) {}

  now(): Timestamp {
    return this.time;
  }

  set(time: Timestamp): void {
    this.time = time;
  }
}

/** A clock that moves on by a step with every look at it; the first look shows the start. */
export class SteppingClock implements Clock {
  private next: number;

  /** @param stepMs whole milliseconds; 1,000 unless said otherwise */
  constructor(
    start: Timestamp,
    private readonly stepMs = 1_000,
  ) {
    this.next = Timestamp.toDate(start).getTime();
  }

  now(): Timestamp {
    const time = Timestamp.of(new Date(this.next));
    this.next += this.stepMs;
    return time;
  }
}
