import { OPERATIONS, type Piece } from '../contestants/operations.js';
import type { Work } from '../contestants/contestant.js';
import type { Round, RoundResult } from '../contestants/protocol.js';

const MEMORY_EVERY_MS = 20;
const MB = 1_048_576;

/** One round in the contestant's own process: so many callers at once, each with one piece of work after another, and each with one at least. */
export async function runRound(book: Work, round: Round): Promise<RoundResult> {
  const piece = await OPERATIONS[round.operation](book, round);
  const memory: number[] = [memoryMb()];
  const watch = setInterval(() => memory.push(memoryMb()), MEMORY_EVERY_MS);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const operations = await workFor(piece, round, began);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  return {
    operations,
    seconds,
    clientCpuSeconds: (user + system) / 1_000_000,
    memoryMb: Math.max(...memory),
    memoryGrowthMb: growth(memory),
  };
}

async function workFor(piece: Piece, { tasks, forMs }: Round, began: number): Promise<number> {
  let operations = 0;
  const caller = async (): Promise<void> => {
    do {
      // Not added in the same breath: `operations` would be read before the wait, and what others add meanwhile lost.
      const more = await piece();
      operations += more;
    } while (performance.now() - began < forMs);
  };
  await Promise.all(Array.from({ length: tasks }, caller));
  return operations;
}

export function memoryMb(): number {
  return process.memoryUsage.rss() / MB;
}

/** The most of the last third less the most of the second: a reader that keeps what it has read grows to its end. */
function growth(memory: readonly number[]): number | undefined {
  const third = Math.floor(memory.length / 3);
  if (third < 3) return undefined;
  return Math.max(...memory.slice(-third)) - Math.max(...memory.slice(third, -third));
}
