import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { OpenOptions } from './contestant.js';
import type { Runner } from './runner.js';
import type { BookKey, Failed, Opened, Ready, Request, Round, RoundResult } from './protocol.js';

/** What starts a contestant's process. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

const HERE = extname(fileURLToPath(import.meta.url));

/** This program's own Node, from the sources or built, as this is. */
export function nodeProgram(name: string): Program {
  const child = fileURLToPath(new URL(`./child${HERE}`, import.meta.url));
  return { command: process.execPath, args: [...process.execArgv, child, name] };
}

/** A contestant in a process of its own: what it uses of the processor and of memory is its own. */
export class ContestantProcess implements Runner {
  static async start({ command, args }: Program): Promise<ContestantProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const contestant = new ContestantProcess(child);
    contestant.importMs = (await contestant.answer<Ready>()).importMs;
    return contestant;
  }

  importMs = NaN;
  private readonly answers: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('The process has no output.');
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error with what the contestant said when it fails */
  open(book: BookKey, options: OpenOptions): Promise<Opened> {
    return this.ask({ do: 'open', book, ...options });
  }

  /** @throws Error with what the contestant said when it fails */
  run(book: BookKey, round: Round): Promise<RoundResult> {
    return this.ask({ do: 'run', book, ...round });
  }

  async close(book: BookKey): Promise<void> {
    await this.ask({ do: 'close', book });
  }

  /** Ends it; what it does not end within a while by itself is killed. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.stdin?.end();
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await exit;
    clearTimeout(patience);
  }

  private ask<Answer>(request: Request): Promise<Answer> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    return this.answer();
  }

  private async answer<Answer>(): Promise<Answer> {
    const line = await this.answers.next();
    if (line.done === true) throw new Error('The process has ended.');
    const answer = JSON.parse(line.value) as Answer | Failed;
    if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
    return answer;
  }
}
