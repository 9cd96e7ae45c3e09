import { ContestantProcess, type Outcome } from './contestant-process.js';
import type { Task } from './messages.js';
import type { ContestantName } from './names.js';

/** Keeps a process of a contestant running: one that has died, or whose event loop stands still, is replaced and counted. */
export class ContestantHost {
  static async start(name: ContestantName): Promise<ContestantHost> {
    return new ContestantHost(name, await ContestantProcess.start(name));
  }

  /** Processes that died or stood still. */
  lostProcesses = 0;

  private earlierUncaught: readonly string[] = [];
  private books = 0;
  private reviving: Promise<void> | undefined;

  private constructor(
    private readonly name: ContestantName,
    private process: ContestantProcess,
  ) {}

  /** Messages of errors that nothing caught, in all of its processes. */
  get uncaught(): readonly string[] {
    return [...this.earlierUncaught, ...this.process.uncaught];
  }

  nextBook(): number {
    return ++this.books;
  }

  run(task: Task, patienceMs: number): Promise<Outcome> {
    return this.process.run(task, patienceMs);
  }

  /** After something went wrong: makes sure that there is a process that answers. Its books may be gone then. */
  revive(): Promise<void> {
    this.reviving ??= this.replaceIfLost().finally(() => {
      this.reviving = undefined;
    });
    return this.reviving;
  }

  /** SIGTERM. @returns how long it took to end in milliseconds; undefined when it had to be killed */
  terminate(patienceMs: number): Promise<number | undefined> {
    return this.process.terminate(patienceMs);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  private async replaceIfLost(): Promise<void> {
    if (this.process.isAlive && (await this.process.answers())) return;
    this.lostProcesses += 1;
    await this.process.stop();
    this.earlierUncaught = this.uncaught;
    this.process = await ContestantProcess.start(this.name);
  }
}
