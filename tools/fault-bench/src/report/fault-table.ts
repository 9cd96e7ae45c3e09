import Table from 'cli-table3';
import type { FaultReport } from '../bench.js';
import { CONTESTANT_TITLES, type ContestantName } from '../contestants/names.js';
import type { FaultResult, NotRun } from '../faults/fault.js';
import { words } from './words.js';

const MOST_NOTES = 8;

/** A fault for people: a column for each contestant, what must be 0 first, then what is only measured. */
export function faultTable({ fault, results }: FaultReport): string {
  const columns = [...results];
  const table = new Table({
    head: [fault.name, ...columns.map(([name]) => CONTESTANT_TITLES[name])],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  const row = (title: string, cell: (result: FaultResult | NotRun) => string) => [
    title,
    ...columns.map(([, result]) => cell(result)),
  ];
  table.push(row('runs', (result) => ('notRun' in result ? 'not run' : String(result.runs))));
  for (const part of ['mustBeZero', 'measured'] as const) {
    for (const figure of figuresOf(columns, part)) {
      table.push(
        row(`${words(figure)}${part === 'mustBeZero' ? ' (0)' : ''}`, (result) =>
          'notRun' in result ? '' : String(result[part][figure] ?? ''),
        ),
      );
    }
  }
  const reasons = columns.flatMap(([name, result]) =>
    notesOf(result).map((note) => `${CONTESTANT_TITLES[name]}: ${note}`),
  );
  return [fault.description, table.toString(), ...reasons].join('\n');
}

/** Why it was not run, or how often each thing behind its violations was seen. */
function notesOf(result: FaultResult | NotRun): readonly string[] {
  if ('notRun' in result) return [`not run: ${result.notRun}`];
  const times = new Map<string, number>();
  for (const note of result.notes) times.set(note, (times.get(note) ?? 0) + 1);
  return [...times].slice(0, MOST_NOTES).map(([note, count]) => (count === 1 ? note : `${count} times: ${note}`));
}

/** In the order in which they were given first. */
function figuresOf(
  columns: readonly (readonly [ContestantName, FaultResult | NotRun])[],
  part: 'mustBeZero' | 'measured',
): readonly string[] {
  return [...new Set(columns.flatMap(([, result]) => ('notRun' in result ? [] : Object.keys(result[part]))))];
}
