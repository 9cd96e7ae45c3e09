import type { TestBook } from './test-book.js';

/** A way to fail, and the error that tells it from all others. */
export interface Failure {
  /** Class and code. */
  readonly error: string;
  readonly when: string;
  readonly fails: (book: TestBook) => Promise<unknown>;
  /** What the error says it is about; then it has its id too. */
  readonly entity?: string;
}
