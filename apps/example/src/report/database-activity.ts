import type { Database } from '@blotter/infrastructure';
import type { Tally } from '../session/tally.js';
import { count } from './format.js';
import { percentile } from './percentile.js';
import { textTable } from './text-table.js';

/** What the database did while the session ran. */
interface DatabaseActivity {
  /** Seconds of trading. */
  readonly seconds: number;
  readonly transactions: number;
  readonly rows: readonly { readonly table: string; readonly rows: number }[];
}

const TABLES = ['portfolios', 'orders', 'executions', 'positions', 'cash_movements', 'portfolio_snapshots', 'marks'];

export async function readActivity(database: Database, seconds: number): Promise<DatabaseActivity> {
  const transactions = database.statistics().transactions.committed;
  const counts = TABLES.map((table) => `select '${table}' as table, count(*)::int as rows from ${table}`);
  const rows = await database.query<{ table: string; rows: number }>(counts.join(' union all '));
  return { seconds, transactions, rows };
}

export function activityTable({ seconds, transactions, rows }: DatabaseActivity, tally: Tally): string {
  const milliseconds = (percent: number) => {
    const value = percentile(tally.recordingMs, percent);
    return value === undefined ? '–' : `${value.toFixed(2)} ms`;
  };
  return textTable(
    ['The database', ''],
    [
      ['Transactions committed', count(transactions)],
      ['Transactions per second', count(transactions / seconds)],
      ['Recording a fill, p50', milliseconds(50)],
      ['Recording a fill, p99', milliseconds(99)],
      ...rows.map(({ table, rows: number }) => [`Rows in ${table}`, count(number)]),
    ],
    ['left', 'right'],
  );
}
