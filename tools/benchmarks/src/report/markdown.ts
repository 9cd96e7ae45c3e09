import { machine, type Report } from './report.js';
import { tablesOf, type PlainTable } from './tables.js';

/** What goes into a document: where and how it was measured, and all tables. */
export function markdown(report: Report): string {
  const { effort, delayMs, postgres, leftOut, seconds } = report;
  const inThousands = (count: number) => count.toLocaleString('en-GB');
  const lines = [
    `Machine: ${machine()}, client and server together. Node ${process.version}, PostgreSQL ${postgres}, fsync on. ` +
      `${effort.rounds} rounds; ${inThousands(effort.orders.small)} orders in the small book, ${inThousands(effort.orders.large)} in the ` +
      `large one, ${inThousands(effort.bulk)} rows in bulk. "1 ms" was ${delayMs.toFixed(2)} ms. It took ${Math.round(seconds / 60)} minutes.`,
    ...[...leftOut].map(([name, { leftOut: why }]) => `Left out: ${name}, ${why}.`),
    ...tablesOf(report).map(tableLines),
  ];
  return `${lines.join('\n\n')}\n`;
}

const PLACE = /(<!-- figures:[^\n]*-->\n\n)[\s\S]*?(\n<!-- end of the figures -->)/;

/** The document with these figures in their place; the figures alone where it has none. */
export function withFigures(document: string, figures: string): string {
  return PLACE.test(document)
    ? document.replace(PLACE, (_, before: string, after: string) => before + figures + after)
    : figures;
}

function tableLines({ head, rows }: PlainTable): string {
  const align = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
