import { pipeline } from 'node:stream/promises';
import type postgres from 'postgres';
import { NEW_ORDER_COLUMNS, type NewOrderRow, type SubmittedOrderRow } from './order-row.js';

/** Lines of one write. */
const LINES = 500;
/** Rows of one statement, as arrays: literals of one's own, which cost the client less than the driver's. */
const UNNESTED = 5_000;

/** As orderRow has them, and then what submittedRow adds. */
const TYPES: Readonly<Record<keyof NewOrderRow, string>> = {
  id: 'uuid',
  portfolio_id: 'uuid',
  client_order_id: 'text',
  symbol: 'text',
  side: 'order_side',
  quantity: 'numeric',
  type: 'order_type',
  limit_price: 'numeric',
  time_in_force: 'time_in_force',
  multiplier: 'numeric',
  currency: 'text',
  tags: 'jsonb',
  status: 'order_status',
  filled_quantity: 'numeric',
  filled_notional: 'numeric',
  commission: 'numeric',
  created_at: 'timestamptz',
  version: 'integer',
};
const SUBMITTED_TYPES: Readonly<Record<keyof SubmittedOrderRow, string>> = {
  ...TYPES,
  broker_order_id: 'text',
  submitted_at: 'timestamptz',
};
/** What orderRow has, in its order. */
export const COLUMNS = NEW_ORDER_COLUMNS.join(', ');
const ARRAYS = Object.values(SUBMITTED_TYPES).map((type, index) => `$${index + 1}::${type}[]`);
const CHANGED = [
  'status',
  'broker_order_id',
  'submitted_at',
  'filled_quantity',
  'filled_notional',
  'commission',
  'version',
];
const UPSERT = `insert into orders (${Object.keys(SUBMITTED_TYPES).join(', ')}) select * from unnest(${ARRAYS.join(', ')})
  on conflict (id) do update set ${CHANGED.map((column) => `${column} = excluded.${column}`).join(', ')}`;

/** COPY in its text form: the fastest way in that there is. */
export async function copyOrders(sql: postgres.TransactionSql, orders: readonly NewOrderRow[]): Promise<void> {
  const copy = await sql.unsafe(`copy orders (${COLUMNS}) from stdin`).writable();
  await pipeline(lines(orders), copy);
}

export async function upsertOrders(sql: postgres.TransactionSql, orders: readonly SubmittedOrderRow[]): Promise<void> {
  for (let start = 0; start < orders.length; start += UNNESTED) {
    // No value needs quotes, but for the braces of the empty tags.
    const rows = orders.slice(start, start + UNNESTED).map((order) => cellsOf(order, '"{}"'));
    const arrays = Object.keys(SUBMITTED_TYPES).map((_, column) => `{${rows.map((row) => row[column]).join(',')}}`);
    await sql.unsafe(UPSERT, arrays, { prepare: true });
  }
}

function* lines(orders: readonly NewOrderRow[]): Generator<string> {
  for (let start = 0; start < orders.length; start += LINES) {
    const some = orders.slice(start, start + LINES);
    yield some.map((order) => `${cellsOf(order).join('\t')}\n`).join('');
  }
}

function cellsOf(order: NewOrderRow | SubmittedOrderRow, noTags = '{}'): readonly (string | number)[] {
  return Object.values({ ...order, tags: noTags });
}
