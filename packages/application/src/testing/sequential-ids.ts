import type { IdGenerator } from '../id-generator.js';

/** Ids that are the same in every run: UUIDs, version 7 in form, counting from 1. */
export class SequentialIds implements IdGenerator {
  private count = 0;

  /** @param series tells several generators in one test apart: 0 to 65535 */
  constructor(private readonly series = 0) {}

  next(): string {
    this.count += 1;
    return `00000000-${hex(this.series, 4)}-7000-8000-${hex(this.count, 12)}`;
  }
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
