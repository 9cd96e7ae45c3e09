import { createInterface } from 'node:readline/promises';

/** Whether the answer to a question is yes. */
export type Ask = (question: string) => Promise<boolean>;

/** Whether a person at the terminal says yes; where there is none, nobody does. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
