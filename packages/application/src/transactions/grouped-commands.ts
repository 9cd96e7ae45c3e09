import { BlotterError } from '@blotter/domain';
import { AmbiguousCommitError } from '../errors.js';
import { Interruption, type WaitOptions } from './interruption.js';

/** How commands of one kind are carried out. */
export interface Grouping<Command, Result> {
  /** What commands wait for each other on: no two batches under way have a key in common, and those of one key keep their order. */
  readonly keyOf: (command: Command) => unknown;
  /** Called where the command was sent, so that traces find it there. */
  readonly alone: (command: Command, wait: WaitOptions) => Promise<Result>;
  /** In one transaction, each with an outcome of its own. Called wherever the queue happens to be. */
  readonly together: (commands: readonly Command[]) => Promise<readonly PromiseSettledResult<Result>[]>;
}

/** So many commands are one batch at most: a transaction of some milliseconds. */
const LARGEST_BATCH = 256;

/** Few, so that batches are large; some, so that one that waits for a lock does not hold up all others. */
const BATCHES_AT_ONCE = 4;

/** Turns of the microtask queue, in which those who were just answered may send their next commands. */
const TURNS_TO_COME_AGAIN = 16;

/**
 * What ends a batch for all of its commands: the database cannot be reached or used, or nobody knows. Of any other error, such as a
 * key that is taken, one command is the cause, and each is carried out alone.
 */
const ENDS_ALL: ReadonlySet<string> = new Set([
  'AMBIGUOUS_COMMIT',
  'AUTHENTICATION_FAILED',
  'CONNECTION_FAILED',
  'CONNECTION_LOST',
  'DATABASE_CLOSED',
  'DATABASE_MISSING',
  'POOL_EXHAUSTED',
  'READ_ONLY_SERVER',
  'RESOURCES_EXHAUSTED',
  'SERVER_UNAVAILABLE',
  'TLS_FAILED',
]);

/** A command whose caller waits. */
interface Waiting<Command, Result> {
  readonly command: Command;
  readonly key: unknown;
  readonly wait: WaitOptions;
  /** On the clock of `performance.now()`. */
  readonly deadline: number | undefined;
  readonly interruption: Interruption;
  /** Lets the caller go on: to what it is given, or to carry its command out alone. */
  readonly goOn: (how: () => Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
  /** Whether it is part of a batch of which nobody knows yet what becomes of it. */
  isUnderWay: boolean;
}

/**
 * Gathers commands that come at the same time into transactions of many. Nothing waits for a timer: a command that comes alone is
 * carried out at once, and what comes meanwhile is the next batch. Each caller has its own outcome, deadline and signal.
 */
export class GroupedCommands<Command, Result> {
  private readonly waiting = new Set<Waiting<Command, Result>>();
  /** Of the batches under way. */
  private readonly keys = new Set<unknown>();
  private batchesUnderWay = 0;
  private isSoon = false;

  constructor(private readonly grouping: Grouping<Command, Result>) {}

  /**
   * @throws what the command's own transaction would throw; its interruption, when it comes before the command is sent, and
   * AmbiguousCommitError, when it comes after that: the batch goes on without its caller
   */
  async send(command: Command, wait: WaitOptions = {}): Promise<Result> {
    const interruption = new Interruption(wait);
    if (interruption.error) throw interruption.error;
    const { timeoutMs } = wait;
    try {
      const result = await new Promise<() => Result | Promise<Result>>((goOn, reject) => {
        const key = this.grouping.keyOf(command);
        const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
        const waiting = { command, key, wait, deadline, interruption, goOn, reject, isUnderWay: false };
        this.waiting.add(waiting);
        interruption.onInterrupt((error) => {
          this.waiting.delete(waiting);
          reject(waiting.isUnderWay ? new AmbiguousCommitError({ cause: error }) : error);
        });
        this.sendSoon();
      });
      return await result();
    } finally {
      interruption.end();
    }
  }

  /** Behind all that is sent in this turn. */
  private sendSoon(): void {
    if (this.isSoon) return;
    this.isSoon = true;
    void Promise.resolve().then(() => {
      this.isSoon = false;
      this.sendWaiting();
    });
  }

  private sendWaiting(): void {
    while (this.batchesUnderWay < BATCHES_AT_ONCE) {
      const batch = this.takeBatch();
      if (batch.length === 0) return;
      void this.carryOut(batch);
    }
  }

  private takeBatch(): Waiting<Command, Result>[] {
    const batch: Waiting<Command, Result>[] = [];
    for (const waiting of this.waiting) {
      if (this.keys.has(waiting.key)) continue;
      batch.push(waiting);
      this.waiting.delete(waiting);
      if (batch.length === LARGEST_BATCH) break;
    }
    return batch;
  }

  private async carryOut(batch: readonly Waiting<Command, Result>[]): Promise<void> {
    const keys = new Set(batch.map(({ key }) => key));
    for (const key of keys) this.keys.add(key);
    this.batchesUnderWay += 1;
    await (batch.length === 1 ? this.eachAlone(batch) : this.together(batch));
    for (let turn = 0; turn < TURNS_TO_COME_AGAIN; turn += 1) await Promise.resolve();
    for (const key of keys) this.keys.delete(key);
    this.batchesUnderWay -= 1;
    this.sendWaiting();
  }

  private async together(batch: readonly Waiting<Command, Result>[]): Promise<void> {
    for (const waiting of batch) waiting.isUnderWay = true;
    try {
      const outcomes = await this.grouping.together(batch.map(({ command }) => command));
      for (const [index, { goOn, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') goOn(() => outcome.value);
        else reject(outcome?.reason);
      }
    } catch (error) {
      if (error instanceof BlotterError && ENDS_ALL.has(error.code)) for (const { reject } of batch) reject(error);
      else await this.keysAlone(batch);
    }
  }

  /** Nothing was written of the batch. Those of one key go one after the other, as they came, and the keys side by side. */
  private async keysAlone(batch: readonly Waiting<Command, Result>[]): Promise<void> {
    for (const waiting of batch) waiting.isUnderWay = false;
    const keys = [...new Set(batch.map(({ key }) => key))];
    await Promise.all(keys.map((key) => this.eachAlone(batch.filter((waiting) => waiting.key === key))));
  }

  /** From here on the command's own transaction looks at deadline and signal, and says what became of it. */
  private async eachAlone(commands: readonly Waiting<Command, Result>[]): Promise<void> {
    for (const { command, wait, deadline, interruption, goOn } of commands) {
      if (interruption.error) continue;
      interruption.end();
      const timeoutMs = deadline === undefined ? undefined : deadline - performance.now();
      await new Promise<void>((hasEnded) => {
        goOn(() => this.grouping.alone(command, { ...wait, timeoutMs }).finally(hasEnded));
      });
    }
  }
}
