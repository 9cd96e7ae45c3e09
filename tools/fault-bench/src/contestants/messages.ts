import type { ChapterCommand, FillCommand } from '../workload/commands.js';
import type { GivenUp, OpenOptions, PoolCount, ToldByError } from './contestant.js';

/** What a contestant's process is asked to do. `book` numbers the pools it has open. */
export type Task =
  | { readonly kind: 'open'; readonly book: number; readonly options: OpenOptions }
  | { readonly kind: 'chapter'; readonly book: number; readonly command: ChapterCommand }
  | { readonly kind: 'fill'; readonly book: number; readonly command: FillCommand }
  | {
      readonly kind: 'fill until known';
      readonly book: number;
      readonly command: FillCommand;
      readonly givenUp?: GivenUp;
    }
  | { readonly kind: 'burst'; readonly book: number; readonly burst: BurstCommand }
  | { readonly kind: 'count'; readonly book: number }
  | { readonly kind: 'close'; readonly book: number };

export interface TaskMessage {
  readonly id: number;
  readonly task: Task;
}

/** Many statements, a transaction right behind them, all sent at once; and one more statement when these have settled. */
export interface BurstCommand {
  readonly size: number;
  /** What is sent so many times; undefined for reads. */
  readonly statement: string | undefined;
  readonly chapter: ChapterCommand;
  readonly afterwards: string;
  /** Milliseconds after which what has not settled is reported as such. */
  readonly patienceMs: number;
}

export type Fate = 'acknowledged' | 'refused' | 'unsettled';

export interface BurstOutcome {
  readonly acknowledged: number;
  readonly refused: number;
  readonly unsettled: number;
  readonly chapter: Fate;
  readonly afterwards: Fate;
}

/** How the attempts ended of a command that was sent again until it was known to be done. */
export interface Attempts {
  readonly first: 'done' | ToldByError;
  /** The code of the first one's error, where there was one. */
  readonly code: string | undefined;
  readonly last: 'done' | ToldByError;
  readonly count: number;
}

/** How a task ended, as its caller was told. Times are milliseconds since 1970. */
export type Ending = { readonly startedAt: number; readonly settledAt: number } & (
  | {
      readonly told: 'done';
      readonly pool?: PoolCount | undefined;
      readonly burst?: BurstOutcome | undefined;
      readonly attempts?: Attempts | undefined;
    }
  | { readonly told: ToldByError; readonly code: string; readonly message: string }
);

/** What a contestant's process says. */
export type ProcessMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ending'; readonly id: number; readonly ending: Ending }
  | { readonly kind: 'uncaught'; readonly message: string };
