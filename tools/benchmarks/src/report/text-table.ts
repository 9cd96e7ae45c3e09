import Table from 'cli-table3';
import { median, spread } from '../measure/statistics.js';
import type { LaneResult } from '../measure/result.js';
import { barsOf } from './bars.js';
import type { Report } from './json-line.js';
import { titleOf, type Results } from './results.js';

const HEAD = ['', 'a second', 'spread', 'of raw', 'server µs', 'client µs', 'exact'];

/** The run for people: a table for each variant, then the bars. */
export function textTables({ results, workloads, leftOut }: Report): string {
  const variants = workloads.flatMap(({ variants }) => variants.map(({ name }) => name));
  const tables = variants.flatMap((variant) => {
    const lanes = results.lanes.filter((lane) => lane.variant === variant);
    return lanes.length === 0 ? [] : [variantTable(variant, lanes, results)];
  });
  const absent = [...leftOut].map(([name, { leftOut }]) => `left out: ${name} (${leftOut})`);
  return [...tables, barTable(results), ...absent].join('\n');
}

function variantTable(variant: string, lanes: readonly LaneResult[], results: Results): string {
  const table = newTable([variant, ...HEAD.slice(1)]);
  for (const lane of lanes) table.push(cellsOf(lane, results));
  return table.toString();
}

/** One contestant in one variant, in the order of the head. */
export function cellsOf(lane: LaneResult, results: Results): string[] {
  const { contestant, variant, samples, exact, problem } = lane;
  const title = titleOf(contestant);
  if (problem !== undefined) return [title, '', '', '', '', '', `no: ${problem}`];
  const rates = samples.map(({ rate }) => rate);
  const ratio = results.ratio(variant, contestant, 'raw');
  const serverCpu = samples.flatMap(({ serverCpuUs }) => serverCpuUs ?? []);
  return [
    title,
    whole(median(rates)),
    `${whole(spread(rates) * 100)} %`,
    ratio === undefined ? '' : ratio.toFixed(2),
    serverCpu.length === 0 ? '' : short(median(serverCpu)),
    short(median(samples.map(({ clientCpuUs }) => clientCpuUs))),
    exact === true ? 'yes' : 'no',
  ];
}

function barTable(results: Results): string {
  const table = newTable(['bar', 'figure', 'target', 'met']);
  for (const { name, figure, target, met } of barsOf(results)) {
    table.push([
      name,
      figure === null ? '' : figure.toFixed(2),
      target,
      met === null ? 'not measured' : met ? 'yes' : 'no',
    ]);
  }
  return table.toString();
}

function newTable(head: string[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
}

export function whole(figure: number): string {
  return Math.round(figure).toLocaleString('en-GB');
}

function short(figure: number): string {
  return figure >= 100 ? whole(figure) : figure.toPrecision(3);
}
