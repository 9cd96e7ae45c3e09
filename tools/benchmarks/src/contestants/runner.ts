import type { OpenOptions } from './contestant.js';
import type { BookKey, Opened, Round, RoundResult } from './protocol.js';

/** A contestant as the benchmark sees it, wherever it runs. All of them throw with what it said when it failed. */
export interface Runner {
  /** How long it took to load; undefined where there is nothing to load. */
  readonly importMs: number | undefined;
  open(book: BookKey, options: OpenOptions): Promise<Opened>;
  run(book: BookKey, round: Round): Promise<RoundResult>;
  close(book: BookKey): Promise<void>;
  stop(): Promise<void>;
}
