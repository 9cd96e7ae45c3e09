import Table from 'cli-table3';
import type { PlainTable } from './tables.js';

/** For a terminal. */
export function textTable({ head, rows }: PlainTable): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
