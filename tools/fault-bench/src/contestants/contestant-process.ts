import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { now } from '../clock.js';
import type { Ending, ProcessMessage, Task } from './messages.js';
import type { ContestantName } from './names.js';

/** How a task ended, for whoever waited: as it was told, or not at all. */
export type Outcome =
  Ending | { readonly told: 'hung' | 'died'; readonly startedAt: number; readonly settledAt: number };

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** From the sources, as the bench itself, whoever runs it. */
const FROM_SOURCE = ['--conditions=@blotter/source', '--import', 'tsx'];
const PING_MS = 5_000;

/** A contestant in a process of its own, so that what hangs or kills it takes nothing else with it. */
export class ContestantProcess {
  static async start(name: ContestantName): Promise<ContestantProcess> {
    const child = fork(CHILD, [name], { execArgv: FROM_SOURCE, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const contestant = new ContestantProcess(child);
    await Promise.race([contestant.ready, once(child, 'exit')]);
    if (!contestant.isAlive) throw new Error(`The process of ${name} does not start.`);
    return contestant;
  }

  /** Messages of errors that nothing caught. */
  readonly uncaught: string[] = [];

  private readonly waiting = new Map<number, (ending: Outcome) => void>();
  private readonly ready: Promise<void>;
  private tasks = 0;
  private ended = false;

  private constructor(private readonly child: ChildProcess) {
    let isReady: () => void = () => undefined;
    this.ready = new Promise((resolve) => (isReady = resolve));
    child.on('message', (message: ProcessMessage) => {
      if (message.kind === 'ready') isReady();
      else if (message.kind === 'uncaught') this.uncaught.push(message.message);
      else this.waiting.get(message.id)?.(message.ending);
    });
    child.once('exit', () => {
      this.ended = true;
      const at = now();
      for (const settle of this.waiting.values()) settle({ told: 'died', startedAt: at, settledAt: at });
    });
    // A channel that closes under a message is said by `exit`.
    child.on('error', () => undefined);
  }

  get isAlive(): boolean {
    return !this.ended;
  }

  /** Has it do something. Never rejects: what has not settled when the patience ends, hung. */
  run(task: Task, patienceMs: number): Promise<Outcome> {
    const startedAt = now();
    if (this.ended) return Promise.resolve({ told: 'died', startedAt, settledAt: startedAt });
    const id = this.tasks++;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        settle({ told: 'hung', startedAt, settledAt: now() });
      }, patienceMs);
      this.waiting.set(id, settle);
      this.child.send({ id, task });
    });
  }

  /** Whether its event loop still turns. */
  async answers(): Promise<boolean> {
    const { told } = await this.run({ kind: 'count', book: -1 }, PING_MS);
    return told !== 'hung' && told !== 'died';
  }

  /** Asks it to end, and kills it when it does not in time. @returns how long it took in milliseconds; undefined when it was killed */
  async terminate(patienceMs: number): Promise<number | undefined> {
    const began = now();
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const patience = new AbortController();
    const ended = await Promise.race([exit.then(() => true), delay(patienceMs, false, { signal: patience.signal })]);
    patience.abort();
    if (ended) return now() - began;
    await this.stop();
    return undefined;
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}
