import type { FaultReport } from '../bench.js';
import { CONTESTANT_TITLES, type ContestantName } from '../contestants/names.js';
import type { FaultResult, NotRun } from '../faults/fault.js';
import { violationsOf } from './violations.js';
import { words } from './words.js';

/** The times that say most of what is measured. */
const MAIN_FIGURE = /(Median|Longest)Ms$/;

/** All faults in one table for a document: what must be 0 in all and how often it was tried, then what is not 0, and the main times. */
export function markdownTable(reports: readonly FaultReport[], contestants: readonly ContestantName[]): string {
  const rows = reports.map(({ fault, results }) => [
    `\`${fault.name}\`: ${fault.description}`,
    ...contestants.map((name) => cellOf(results.get(name))),
  ]);
  const head = ['fault', ...contestants.map((name) => CONTESTANT_TITLES[name])];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellOf(result: FaultResult | NotRun | undefined): string {
  if (result === undefined) return '';
  if ('notRun' in result) return `not run: ${result.notRun}`;
  const { runs, mustBeZero, measured } = result;
  const wrong = Object.entries(mustBeZero).filter(([, figure]) => figure !== 0);
  const times = Object.entries(measured).filter(([name, figure]) => MAIN_FIGURE.test(name) && figure > 0);
  const figures = [...wrong, ...times].map(([name, figure]) => `${words(name)} ${inThousands(figure)}`);
  return [
    `**${inThousands(violationsOf(result))}** in ${inThousands(runs)} ${runs === 1 ? 'run' : 'runs'}`,
    ...figures,
  ].join('; ');
}

function inThousands(figure: number): string {
  return figure.toLocaleString('en-GB');
}
