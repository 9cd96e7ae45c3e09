/** Milliseconds; 0 when nothing was measured. */
export interface AcquireTimesSummary {
  readonly mean: number;
  /** Of the last thousand; 99 of 100 are not above it. */
  readonly p99: number;
  readonly max: number;
}

const REMEMBERED = 1_000;

/** How long callers waited for a session: mean and maximum of all, percentiles of the last thousand. */
export class AcquireTimes {
  private readonly recent: number[] = [];
  private count = 0;
  private sum = 0;
  private max = 0;

  add(milliseconds: number): void {
    this.recent[this.count % REMEMBERED] = milliseconds;
    this.count += 1;
    this.sum += milliseconds;
    this.max = Math.max(this.max, milliseconds);
  }

  summary(): AcquireTimesSummary {
    const sorted = [...this.recent].sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
    return { mean: this.count === 0 ? 0 : this.sum / this.count, p99, max: this.max };
  }
}
