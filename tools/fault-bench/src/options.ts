import { Command, InvalidArgumentError, Option } from 'commander';
import { CONTESTANTS, type ContestantName } from './contestants/names.js';
import { ALL_FAULTS } from './faults/all-faults.js';
import type { Fault } from './faults/fault.js';

export interface Options {
  readonly seed: number;
  readonly minutes: number;
  readonly full: boolean;
  readonly only: readonly Fault[];
  readonly contestants: readonly ContestantName[];
  readonly json: boolean;
  readonly markdown: boolean;
}

/** The command line. */
export function commandLine(): Command {
  const faults = ALL_FAULTS.map(({ name }) => name).join(', ');
  return new Command('faults')
    .description(
      'Breaks connections, servers and networks under Blotter and its peers, and checks the tables against what each caller was told.',
    )
    .option('--seed <n>', 'what chance is made of: the same seed chooses the same faults at the same moments', seed, 1)
    .option(
      '--minutes <n>',
      'about how long it may take, and longer where a peer hangs; the number of runs follows',
      minutes,
      2,
    )
    .option('--full', 'as many runs as docs/reliability.md reports, however long they take', false)
    .addOption(
      new Option('--only <list>', `these faults alone, of ${faults}`).argParser(faultsOf).default(ALL_FAULTS, 'all'),
    )
    .addOption(
      new Option('--contestants <list>', `these alone, of ${CONTESTANTS.join(', ')}`)
        .argParser(contestantsOf)
        .default(CONTESTANTS, 'all'),
    )
    .option('--markdown', 'one table in Markdown instead of one for each fault', false)
    .option('--json', 'end with one JSON object as the last line', false)
    .allowExcessArguments(false);
}

function seed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number of at most nine digits.');
  return Number(text);
}

function minutes(text: string): number {
  if (!/^\d{1,3}(\.\d)?$/.test(text) || Number(text) === 0) {
    throw new InvalidArgumentError('It is a number of minutes above 0, such as 2 or 0.5.');
  }
  return Number(text);
}

function faultsOf(list: string): readonly Fault[] {
  return list.split(',').map((name) => {
    const fault = ALL_FAULTS.find((known) => known.name === name.trim());
    if (!fault) throw new InvalidArgumentError(`There is no fault ${name}.`);
    return fault;
  });
}

function contestantsOf(list: string): readonly ContestantName[] {
  return list.split(',').map((name) => {
    const contestant = CONTESTANTS.find((known) => known === name.trim());
    if (!contestant) throw new InvalidArgumentError(`There is no contestant ${name}.`);
    return contestant;
  });
}
