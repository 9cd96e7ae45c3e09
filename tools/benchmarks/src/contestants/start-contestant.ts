import { ContestantProcess, nodeProgram } from './contestant-process.js';
import type { ContestantName } from './names.js';
import type { Runner } from './runner.js';

/** Why somebody is left out, in a word. */
export interface LeftOut {
  readonly leftOut: string;
}

/** Starts a contestant, or says why it cannot be had on this machine. */
export async function startContestant(name: ContestantName): Promise<Runner | LeftOut> {
  try {
    return await ContestantProcess.start(nodeProgram(name));
  } catch (error) {
    return { leftOut: error instanceof Error ? error.message : String(error) };
  }
}
