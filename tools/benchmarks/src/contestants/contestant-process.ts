import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { OpenOptions } from './contestant.js';
import type { Runner } from './runner.js';
import type { BookKey, Failed, Opened, Ready, Request, Round, RoundResult } from './protocol.js';

/** What starts a contestant's process. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** What it may take for an answer, beyond the time that it was told to work: who hangs is ended, and the others go on. */
const PATIENCE_MS = 300_000;

const HERE = extname(fileURLToPath(import.meta.url));

/** This program's own Node, from the sources or built, as this is. */
export function nodeProgram(name: string): Program {
  const child = fileURLToPath(new URL(`./child${HERE}`, import.meta.url));
  return { command: process.execPath, args: [...process.execArgv, child, name] };
}

/** A contestant in a process of its own: what it uses of the processor and of memory is its own. */
export class ContestantProcess implements Runner {
  static async start({ command, args }: Program, patienceMs = PATIENCE_MS): Promise<ContestantProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child, 'spawn');
    const contestant = new ContestantProcess(child, patienceMs);
    contestant.importMs = (await contestant.answer<Ready>()).importMs;
    return contestant;
  }

  importMs = NaN;
  private isLate = false;
  private readonly answers: AsyncIterator<string>;

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly patienceMs: number,
  ) {
    // What cannot be said to a process that has died shows in that it does not answer.
    child.stdin.on('error', () => undefined);
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error with what the contestant said when it fails */
  open(book: BookKey, options: OpenOptions): Promise<Opened> {
    return this.ask({ do: 'open', book, ...options });
  }

  /** @throws Error with what the contestant said when it fails */
  run(book: BookKey, round: Round): Promise<RoundResult> {
    return this.ask({ do: 'run', book, ...round }, this.patienceMs + round.forMs);
  }

  async close(book: BookKey): Promise<void> {
    await this.ask({ do: 'close', book });
  }

  /** Ends it; what it does not end within a while by itself is killed. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.stdin.end();
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await exit;
    clearTimeout(patience);
  }

  private ask<Answer>(request: Request, patienceMs = this.patienceMs): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.answer(patienceMs);
  }

  private async answer<Answer>(patienceMs = this.patienceMs): Promise<Answer> {
    const deadline = setTimeout(() => {
      this.isLate = true;
      this.child.kill('SIGKILL');
    }, patienceMs);
    const line = await this.answers.next();
    clearTimeout(deadline);
    if (line.done === true)
      throw new Error(this.isLate ? 'It did not answer, and was ended.' : 'The process has ended.');
    const answer = JSON.parse(line.value) as Answer | Failed;
    if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
    return answer;
  }
}
