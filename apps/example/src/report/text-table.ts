import Table from 'cli-table3';
import pico from 'picocolors';

type Alignment = 'left' | 'right';

/** A table in the terminal: numbers to the right, no colours but the head's. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Alignment[],
): string {
  const table = new Table({
    head: head.map((title) => pico.bold(title)),
    colAligns: [...align],
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
