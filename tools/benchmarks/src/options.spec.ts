import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { CONTESTANT_NAMES } from './contestants/names.js';
import { commandLine, type Options } from './options.js';
import { ALL_WORKLOADS } from './workloads/all-workloads.js';

/** What the command line makes of the arguments, or the lines it writes when it refuses them. */
function parse(...args: readonly string[]): Options | readonly string[] {
  let refusal = '';
  const command = commandLine()
    .exitOverride()
    .configureOutput({ writeErr: (text) => (refusal += text) });
  try {
    return command.parse(args, { from: 'user' }).opts<Options>();
  } catch (error) {
    if (error instanceof CommanderError) return refusal.trimEnd().split('\n');
    throw error;
  }
}

describe('The command line', () => {
  it('measures everything with everybody unless it is told otherwise', () => {
    expect(parse()).toMatchObject({ only: ALL_WORKLOADS, contestants: CONTESTANT_NAMES, quick: false, json: false });
  });

  it('takes workloads in their own order, each once, however they are given', () => {
    const { only } = parse('--only', 'record-fill', 'order-by-id', '--only', 'record-fill') as Options;
    expect(only.map(({ name }) => name)).toEqual(['order-by-id', 'record-fill']);
  });

  it.each([
    [['--only', 'nothing'], 'There is no workload nothing.'],
    [['--contestants', 'raw,sqlite'], 'There is no contestant sqlite.'],
    [['--rounds', '0'], 'It is a whole number from 1 to 1000.'],
    [['--orders', '12'], 'It is a whole number from 5000 to 50000000.'],
    [['--fast'], "error: unknown option '--fast'"],
    [['left over'], 'error: too many arguments'],
  ])('refuses %j in one line', (args, words) => {
    expect(parse(...args)).toEqual([expect.stringContaining(words)]);
  });

  it('has a name of its own for every variant of every workload', () => {
    const names = ALL_WORKLOADS.flatMap(({ variants }) => variants.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});
