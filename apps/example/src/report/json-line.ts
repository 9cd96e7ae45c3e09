import type { BookProof } from '@blotter/infrastructure';
import type { Tally } from '../session/tally.js';
import { isProven } from './proof-table.js';

interface Outcome {
  /** How many sessions the book holds now. */
  readonly sessions: number;
  /** What happened in this one. */
  readonly tally: Tally;
  readonly tradingSeconds: number;
  /** From the start of the program to here. */
  readonly seconds: number;
  /** Of the whole book. */
  readonly proof: Pick<BookProof, 'difference'>;
}

/** The outcome for machines. The difference is the number 0, or decimal text that no float has touched. */
export function jsonLine({ sessions, tally, tradingSeconds, seconds, proof }: Outcome): string {
  const { orders, executions, duplicatesIgnored, snapshots } = tally;
  return JSON.stringify({
    sessions,
    orders,
    executions,
    duplicatesIgnored,
    snapshots,
    fillsPerSecond: rounded(executions / tradingSeconds),
    difference: isProven(proof) ? 0 : proof.difference,
    seconds: rounded(seconds),
  });
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
