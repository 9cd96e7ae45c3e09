import type { OperationName } from './operations.js';
import type { OpenOptions, PageStart } from './contestant.js';

/** What is done in one round, and on what. */
export interface Round {
  readonly operation: OperationName;
  /** Orders in the book as it was filled. */
  readonly orders: number;
  /** Callers at once. */
  readonly tasks: number;
  /** Each begins another piece of work until so much time has passed. */
  readonly forMs: number;
  /** Rows of one piece of bulk work. */
  readonly amount: number;
  /** Portfolios that the work goes to. */
  readonly portfolios: number;
  readonly pageStart: PageStart | undefined;
}

/** What is said to a contestant's process, one JSON object a line; it answers each with one line. */
export type Request =
  | ({ readonly do: 'open'; readonly book: BookKey } & OpenOptions)
  | ({ readonly do: 'run'; readonly book: BookKey } & Round)
  | { readonly do: 'close'; readonly book: BookKey };

/** Which of its open books: several stay open, so that no round pays for connecting. */
export type BookKey = string;

/** What it has done, in how long, with how much of its own processor, and the most memory it held meanwhile. */
export interface RoundResult {
  readonly operations: number;
  readonly seconds: number;
  readonly clientCpuSeconds: number;
  readonly memoryMb: number;
  /** The most in the last third less the most in the second; undefined where it was too short to look. */
  readonly memoryGrowthMb: number | undefined;
}

export interface Ready {
  /** Milliseconds to load what it imports. */
  readonly importMs: number;
}

export interface Opened {
  readonly operations: readonly OperationName[];
  readonly memoryMb: number;
}

export interface Failed {
  readonly error: string;
}
