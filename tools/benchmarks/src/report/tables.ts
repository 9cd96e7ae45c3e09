import { median, spread } from '../measure/statistics.js';
import type { LaneResult } from '../measure/result.js';
import { barsOf } from './bars.js';
import type { Report } from './report.js';
import { titleOf, type Results } from './results.js';

/** A table before it is drawn: on a terminal, or in a document. The first column is words, the others are figures. */
export interface PlainTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One for each variant that was measured, then the bars. */
export function tablesOf({ results, workloads }: Report): readonly PlainTable[] {
  const variants = workloads.flatMap(({ variants }) => variants).filter(({ name }) => results.of(name).length > 0);
  return [
    ...variants.map(({ name, unit = 'a second' }) => ({
      head: [name, unit, 'spread', 'of raw', 'server µs', 'client µs', 'exact'],
      rows: results.of(name).map((lane) => cellsOf(lane, results)),
    })),
    barTable(results),
  ];
}

function cellsOf(lane: LaneResult, results: Results): readonly string[] {
  const { contestant, variant, samples, exact, problem } = lane;
  const title = titleOf(contestant);
  if (problem !== undefined) return [title, '', '', '', '', '', `no: ${problem}`];
  const figures = samples.map(({ figure }) => figure);
  return [
    title,
    short(median(figures)),
    `${short(spread(figures) * 100)} %`,
    results.ratio(variant, contestant, 'raw')?.toFixed(2) ?? '',
    medianOf(samples.map(({ serverCpuUs }) => serverCpuUs)),
    medianOf(samples.map(({ clientCpuUs }) => clientCpuUs)),
    exact === true ? 'yes' : 'no',
  ];
}

function barTable(results: Results): PlainTable {
  const words = (met: boolean | null) => (met === null ? 'not measured' : met ? 'yes' : 'no');
  return {
    head: ['what must show', 'figure', 'target', 'met'],
    rows: barsOf(results).map(({ name, figure, target, met }) => [
      name,
      figure === null ? '' : figure >= 100 ? short(figure) : figure.toFixed(2),
      target,
      words(met),
    ]),
  };
}

function medianOf(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : short(median(known));
}

/** Whole from 100 on, and three digits below. */
function short(figure: number): string {
  if (Math.abs(figure) >= 100) return Math.round(figure).toLocaleString('en-GB');
  return figure === 0 ? '0' : String(Number(figure.toPrecision(3)));
}
