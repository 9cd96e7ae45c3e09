import { Command, InvalidArgumentError, Option } from 'commander';
import { FEWEST_ORDERS } from './book/layout.js';
import { CONTESTANT_NAMES, type ContestantName } from './contestants/names.js';
import { ALL_WORKLOADS } from './workloads/all-workloads.js';
import type { Workload } from './workloads/workload.js';

export interface Options {
  readonly only: readonly Workload[];
  readonly contestants: readonly ContestantName[];
  readonly quick: boolean;
  readonly rounds?: number;
  readonly orders?: number;
  readonly json: boolean;
  readonly markdown?: string;
  readonly chart?: string;
}

const ENDING = `
Ends with 0 when Blotter did all of it and lost nothing, whatever the figures; with 1 when it did not, or for a wrong option.`;

/** The command line. */
export function commandLine(): Command {
  return new Command('bench')
    .description(
      'Measures Blotter beside its peers and the limits on the same work, in interleaved rounds, on a PostgreSQL of its own.',
    )
    .addOption(
      new Option('--only <workload...>', `these alone, of ${ALL_WORKLOADS.map(({ name }) => name).join(', ')}`)
        .argParser(withWorkload)
        .default(ALL_WORKLOADS, 'all'),
    )
    .addOption(
      new Option('--contestants <list>', `these alone, of ${CONTESTANT_NAMES.join(', ')}`)
        .argParser(contestantsOf)
        .default(CONTESTANT_NAMES, 'all'),
    )
    .option('--quick', 'small tables and short rounds: that it runs, not how fast anything is', false)
    .option('--rounds <n>', 'rounds of each workload (7, quick 1)', wholeNumber(1, 1_000))
    .option('--orders <n>', 'orders in the large book (1,000,000, quick 5,000)', wholeNumber(FEWEST_ORDERS, 50_000_000))
    .option('--json', 'end with one JSON object as the last line', false)
    .option('--markdown <file>', 'put the tables in Markdown there, where it has a place for them')
    .option('--chart <file>', 'draw the main figures as SVG')
    .addHelpText('after', ENDING)
    .allowExcessArguments(false);
}

/** One more, in their own order whatever the command line's. */
function withWorkload(name: string, before: readonly Workload[]): readonly Workload[] {
  const workload = ALL_WORKLOADS.find((known) => known.name === name);
  if (!workload) throw new InvalidArgumentError(`There is no workload ${name}.`);
  const wanted = before === ALL_WORKLOADS ? [workload] : [...before, workload];
  return ALL_WORKLOADS.filter((known) => wanted.includes(known));
}

function contestantsOf(list: string): readonly ContestantName[] {
  return list.split(',').map((name) => {
    const contestant = CONTESTANT_NAMES.find((known) => known === name.trim());
    if (!contestant) throw new InvalidArgumentError(`There is no contestant ${name}.`);
    return contestant;
  });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
