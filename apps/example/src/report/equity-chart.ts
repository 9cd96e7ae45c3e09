import { Decimal, type EquitySeries } from '@blotter/domain';
import { plot } from 'asciichart';
import { day, grouped } from './format.js';

const WIDTH = 64;
const HEIGHT = 8;

/** The equity as a line of characters, with its first and last day below. Empty when there is no curve yet. */
export function equityChart(series: EquitySeries): string {
  if (series.length < 2) return '';
  // A drawing may be inexact: this is the one place where an amount becomes a float.
  const curve = thinned(series).map(({ equity }) => equity.toDecimal().toNumber());
  const labels = labelWidth(curve);
  const chart = plot(curve, {
    height: HEIGHT,
    format: (value) => grouped(new Decimal(Math.round(value).toString()), 0).padStart(labels),
  });
  const [first, last] = [day(series[0]?.at), day(series.at(-1)?.at)];
  return `${chart}\n${' '.repeat(labels + 2)}${first}${last.padStart(Math.max(curve.length - first.length, last.length + 1))}`;
}

/** At most WIDTH points, evenly spaced, the last one among them. */
function thinned(series: EquitySeries): EquitySeries {
  if (series.length <= WIDTH) return series;
  const step = (series.length - 1) / (WIDTH - 1);
  return Array.from({ length: WIDTH }, (_, index) => series[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

function labelWidth(curve: readonly number[]): number {
  return Math.max(...curve.map((value) => grouped(new Decimal(Math.round(value).toString()), 0).length));
}
