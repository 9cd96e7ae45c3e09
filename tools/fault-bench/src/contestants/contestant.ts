import type { ChapterCommand, FillCommand } from '../workload/commands.js';

/** How a contestant is to reach the database. */
export interface OpenOptions {
  readonly url: string;
  /** The most sessions it may have; they are opened at once. */
  readonly sessions: number;
  readonly applicationName: string;
  /** Milliseconds that a call may take, given by whatever means the contestant has; undefined for its defaults. */
  readonly deadlineMs: number | undefined;
}

/** What a pool says of itself. */
export interface PoolCount {
  readonly total: number;
  readonly inUse: number;
  readonly waiting: number;
}

/** That a call is given up on the caller's side, whatever the server or the network does. */
export interface GivenUp {
  readonly by: 'deadline' | 'abort';
  readonly afterMs: number;
}

/** One contestant over one pool. */
export interface OpenBook {
  /** A portfolio, a deposit, an order and its first fill in one transaction; once, with no retry. The same again has no second effect. */
  writeChapter(command: ChapterCommand): Promise<void>;
  /**
   * A fill in one transaction; once, with no retry. The same again has no second effect.
   * @param givenUp for contestants that offer it, by name in `OFFER_GIVING_UP`
   */
  recordFill(command: FillCommand, givenUp?: GivenUp): Promise<void>;
  /** A read of one row or none, outside any transaction. */
  read(): Promise<void>;
  /** One statement without parameters, outside any transaction. */
  runStatement(text: string): Promise<void>;
  /** Undefined where the pool does not tell. */
  countSessions(): PoolCount | undefined;
  /** Begins nothing new and lets what is under way end, for so long where the contestant takes a bound. */
  close(drainMs: number): Promise<void>;
}

/** What an error tells the caller about the writes. */
export type ToldByError = 'not written' | 'unknown';

/** A way to keep the book, to be set beside the others. */
export interface Contestant {
  open(options: OpenOptions): Promise<OpenBook>;
  readError(error: unknown): ToldByError;
  /** Sends a command again until it is known to be done, by the contestant's own means or else by a loop. */
  untilKnown(command: () => Promise<void>): Promise<void>;
}
