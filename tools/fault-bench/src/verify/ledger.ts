import type { Outcome } from '../contestants/contestant-process.js';
import type { Tables } from './tables.js';

/** What each caller was told of its chapter, to be held against the tables. */
export class Ledger {
  private readonly told = new Map<string, Outcome['told']>();

  write(portfolioId: string, outcome: Outcome): void {
    this.told.set(portfolioId, outcome.told);
  }

  /** Call it when every session that could still commit is gone. */
  async judge(tables: Tables): Promise<Judgement> {
    const stored = await tables.chapters([...this.told.keys()]);
    const count = (wrong: (told: Outcome['told'], rows: string | undefined) => boolean) =>
      [...this.told].filter(([id, told]) => wrong(told, stored.get(id))).length;
    return {
      partialCommits: count((_, rows) => rows === 'part'),
      lostAfterCommitted: count((told, rows) => told === 'done' && rows === 'none'),
      thereAfterError: count((told, rows) => told === 'not written' && rows === 'all'),
      hungCalls: count((told) => told === 'hung'),
      diedCalls: count((told) => told === 'died'),
    };
  }
}

/** How many calls ended in each way that must not be. A type, not an interface, so that it is a record of figures. */
export type Judgement = {
  /** Rows in some of the tables of a transaction and not in the others. */
  readonly partialCommits: number;
  /** Told that it was committed, and nothing is there. */
  readonly lostAfterCommitted: number;
  /** Told of an error that reads as "nothing was written", and all of it is there. */
  readonly thereAfterError: number;
  readonly hungCalls: number;
  /** The process ended under them. */
  readonly diedCalls: number;
};
