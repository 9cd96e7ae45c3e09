import { CONTESTANTS, type ContestantName } from '../contestants/names.js';
import { median } from '../measure/statistics.js';
import type { Results } from './results.js';

/** What the chart shows: the work of every day. */
const SHOWN = [
  'order by id, 64 callers, small book',
  'add an order, 8 tasks',
  'record a fill, 8 tasks',
  'record a fill, 8 tasks, 1 ms',
  'add orders in bulk',
];
const COLOURS = { limit: '#9aa5b1', blotter: '#1f6feb', peer: '#c9a26b', 'way apart': '#c9a26b' } as const;
const WIDTH = 760;
const LABEL = 150;
const FIGURE = 90;
const ROW = 20;
const HEAD = 34;

interface Bar {
  readonly contestant: ContestantName;
  readonly figure: number;
}

/** The main figures as bars, one group for each piece of work, as long as they are fast; SVG of its own, with no script. */
export function chart(results: Results): string {
  const groups = SHOWN.flatMap((variant) => {
    const bars = barsOf(results, variant);
    return bars.length === 0 ? [] : [{ variant, bars }];
  });
  let top = 0;
  const drawn = groups.map(({ variant, bars }) => {
    const group = drawGroup(variant, bars, top);
    top += HEAD + bars.length * ROW + 10;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function barsOf(results: Results, variant: string): readonly Bar[] {
  return results.of(variant).flatMap(({ contestant }) => {
    const figures = results.figures(variant, contestant);
    return figures ? [{ contestant, figure: median(figures) }] : [];
  });
}

function drawGroup(variant: string, bars: readonly Bar[], top: number): string {
  const longest = Math.max(...bars.map(({ figure }) => figure));
  const head = `<text x="8" y="${top + 22}" font-weight="600" fill="#1f2328">${variant}, a second</text>`;
  const rows = bars.map(({ contestant, figure }, index) => {
    const { title, kind } = CONTESTANTS[contestant];
    const y = top + HEAD + index * ROW;
    const width = Math.max(1, (figure / longest) * (WIDTH - LABEL - FIGURE));
    return [
      `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end" fill="#1f2328">${title}</text>`,
      `<rect x="${LABEL}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 6}" fill="${COLOURS[kind]}"/>`,
      `<text x="${(LABEL + width + 6).toFixed(1)}" y="${y + 14}" fill="#57606a">${Math.round(figure).toLocaleString('en-GB')}</text>`,
    ].join('');
  });
  return [head, ...rows].join('\n');
}
