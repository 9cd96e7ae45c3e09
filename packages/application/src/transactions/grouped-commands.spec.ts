import { describe, expect, it } from 'vitest';
import { AmbiguousCommitError, ConnectionError, DuplicateError } from '../errors.js';
import { GroupedCommands } from './grouped-commands.js';
import type { WaitOptions } from './interruption.js';

/** A command of somebody's, such as "a1": the letter is its key. */
type Outcome = PromiseSettledResult<string>;
const done = (command: string): Outcome => ({ status: 'fulfilled', value: `${command} done` });

/** Carries nothing out by itself: a test says when a batch ends, and how. */
class Wire {
  readonly alone: {
    readonly command: string;
    readonly wait: WaitOptions;
    readonly end: (outcome?: Outcome) => void;
  }[] = [];
  readonly batches: {
    readonly commands: readonly string[];
    readonly end: (outcomes?: readonly Outcome[]) => void;
    readonly fail: (error: unknown) => void;
  }[] = [];
  readonly commands = new GroupedCommands<string, string>({
    keyOf: (command) => command.slice(0, 1),
    alone: (command, wait) =>
      new Promise((resolve, reject) => {
        const end = (outcome = done(command)) => {
          if (outcome.status === 'fulfilled') resolve(outcome.value);
          else reject(outcome.reason as Error);
        };
        this.alone.push({ command, wait, end });
      }),
    together: (commands) =>
      new Promise((resolve, reject) => {
        const end = (outcomes: readonly Outcome[] = commands.map(done)) => {
          resolve(outcomes);
        };
        this.batches.push({ commands, end, fail: reject });
      }),
  });

  send(...commands: string[]): Promise<string>[] {
    return commands.map((command) => this.commands.send(command));
  }
}

/** Long enough for everything that waits for no wire. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe('Grouped commands', () => {
  it('are carried out at once and alone when nothing else is there', async () => {
    const wire = new Wire();
    const [first] = wire.send('a1');
    await settle();
    expect(wire.alone.map(({ command }) => command)).toEqual(['a1']);
    wire.alone[0]?.end();
    expect(await first).toBe('a1 done');
  });

  it('that come in one turn, or while others are under way, are one batch', async () => {
    const wire = new Wire();
    const first = wire.send('a1', 'a2', 'b1');
    await settle();
    const second = [...wire.send('a3'), ...wire.send('b2', 'a4')];
    await settle();
    expect(wire.batches.map(({ commands }) => commands)).toEqual([['a1', 'a2', 'b1']]);
    wire.batches[0]?.end();
    expect(await Promise.all(first)).toEqual(['a1 done', 'a2 done', 'b1 done']);
    await settle();
    expect(wire.batches.map(({ commands }) => commands).at(1)).toEqual(['a3', 'b2', 'a4']);
    wire.batches[1]?.end();
    expect(await Promise.all(second)).toEqual(['a3 done', 'b2 done', 'a4 done']);
  });

  it('take the next commands of those who were just answered into one batch', async () => {
    const wire = new Wire();
    const caller = async (name: string) => {
      await wire.commands.send(`${name}1`);
      await wire.commands.send(`${name}2`);
    };
    void Promise.all(['a', 'b', 'c'].map(caller));
    await settle();
    wire.batches[0]?.end();
    await settle();
    expect(wire.batches.map(({ commands }) => commands).at(1)).toEqual(['a2', 'b2', 'c2']);
  });

  it('of another key do not wait for a batch that is under way, and those of its key do', async () => {
    const wire = new Wire();
    void wire.send('a1', 'b1');
    await settle();
    void wire.send('a2', 'c1', 'd1', 'b2');
    await settle();
    expect(wire.batches.map(({ commands }) => commands)).toEqual([
      ['a1', 'b1'],
      ['c1', 'd1'],
    ]);
    wire.batches[0]?.end();
    await settle();
    expect(wire.batches.map(({ commands }) => commands).at(2)).toEqual(['a2', 'b2']);
  });

  it('are at most four batches under way, and 256 commands in each', async () => {
    const wire = new Wire();
    for (let batch = 0; batch < 6; batch += 1) {
      const commands = Array.from({ length: 300 }, (_, index) => `${batch}-${index}`);
      for (const sent of wire.send(...commands)) void sent.catch(() => undefined);
      await settle();
    }
    expect(wire.batches.map(({ commands }) => commands.length)).toEqual([256, 256, 256, 256]);
    wire.batches[0]?.end();
    await settle();
    expect(wire.batches.map(({ commands }) => commands.length)).toEqual([256, 256, 256, 256, 256]);
  });

  it('have each its own outcome', async () => {
    const wire = new Wire();
    const [good, bad] = wire.send('a1', 'a2');
    await settle();
    const reason = new Error('of its own');
    wire.batches[0]?.end([done('a1'), { status: 'rejected', reason }]);
    expect(await good).toBe('a1 done');
    await expect(bad).rejects.toBe(reason);
  });

  it('leave the queue when they are aborted before they are sent', async () => {
    const wire = new Wire();
    const [first] = wire.send('a1');
    await settle();
    const controller = new AbortController();
    const aborted = wire.commands.send('a2', { signal: controller.signal });
    const late = wire.commands.send('a3', { timeoutMs: 0 });
    const [last] = wire.send('a4');
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
    wire.alone[0]?.end();
    await first;
    await settle();
    expect(wire.alone.map(({ command }) => command)).toEqual(['a1', 'a4']);
    wire.alone[1]?.end();
    await last;
  });

  it('are told that nobody knows, when they are aborted while their batch is under way; the others are not hit', async () => {
    const wire = new Wire();
    const controller = new AbortController();
    const aborted = wire.commands.send('a1', { signal: controller.signal });
    const [other] = wire.send('a2');
    await settle();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'AMBIGUOUS_COMMIT', cause: { code: 'ABORTED' } });
    wire.batches[0]?.end();
    expect(await other).toBe('a2 done');
  });

  it('give their own deadline and signal to a transaction of their own', async () => {
    const wire = new Wire();
    const { signal } = new AbortController();
    const sent = wire.commands.send('a1', { timeoutMs: 60_000, signal });
    await settle();
    expect(wire.alone[0]?.wait.signal).toBe(signal);
    expect(wire.alone[0]?.wait.timeoutMs).toBeGreaterThan(59_000);
    wire.alone[0]?.end();
    await sent;
  });

  it('are carried out alone, each key in order, when a batch fails of one of them', async () => {
    const wire = new Wire();
    const sent = wire.send('a1', 'a2', 'b1');
    await settle();
    wire.batches[0]?.fail(new DuplicateError('execution', 'execution id'));
    await settle();
    expect(wire.alone.map(({ command }) => command)).toEqual(['a1', 'b1']);
    const reason = new Error('of its own');
    wire.alone[0]?.end({ status: 'rejected', reason });
    await expect(sent[0]).rejects.toBe(reason);
    wire.alone[1]?.end();
    await settle();
    wire.alone[2]?.end();
    expect(await Promise.all(sent.slice(1))).toEqual(['a2 done', 'b1 done']);
  });

  it('that are aborted while they wait behind a batch that was refused are told no more than that, and are not sent', async () => {
    const wire = new Wire();
    const controller = new AbortController();
    const [first, last] = [wire.send('a1'), wire.commands.send('a2', { signal: controller.signal })];
    await settle();
    wire.batches[0]?.fail(new DuplicateError('execution', 'execution id'));
    await settle();
    controller.abort();
    await expect(last).rejects.toMatchObject({ code: 'ABORTED' });
    wire.alone[0]?.end();
    expect(await Promise.all(first)).toEqual(['a1 done']);
    await settle();
    expect(wire.alone.map(({ command }) => command)).toEqual(['a1']);
  });

  it('all share the error of a batch that nobody knows the end of, or that had no database', async () => {
    for (const error of [new AmbiguousCommitError(), new ConnectionError('CONNECTION_FAILED', 'away')]) {
      const wire = new Wire();
      const sent = wire.send('a1', 'b1');
      await settle();
      wire.batches[0]?.fail(error);
      for (const each of sent) await expect(each).rejects.toBe(error);
      expect(wire.alone).toEqual([]);
    }
  });
});
