import type { Write } from '@blotter/application';
import type { EntityKind } from '@blotter/domain';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { executionToRow } from '../executions/execution-mapper.js';
import { executions } from '../executions/execution-table.js';
import { orderToRow } from '../orders/order-mapper.js';
import { ORDER_CHANGES } from '../orders/order-statements.js';
import { orders } from '../orders/order-table.js';
import { cashMovements } from '../portfolios/cash-movement-table.js';
import { portfolioToRow } from '../portfolios/portfolio-mapper.js';
import { PORTFOLIO_CHANGES } from '../portfolios/portfolio-statements.js';
import { portfolios } from '../portfolios/portfolio-table.js';
import { cashMovementToRow } from '../portfolios/postgres-cash-movement-repository.js';
import { positionToRow } from '../positions/position-mapper.js';
import { POSITION_CHANGES } from '../positions/position-statements.js';
import { positions } from '../positions/position-table.js';
import { snapshotToRow } from '../snapshots/snapshot-mapper.js';
import { portfolioSnapshots } from '../snapshots/snapshot-table.js';

/** A table as far as many of its rows are written at once; columns by their names in the code. */
export interface BulkTable {
  readonly kind: EntityKind;
  readonly name: string;
  readonly columns: readonly string[];
  /** Of each column, in SQL. */
  readonly types: readonly string[];
  /** What an update may change; nothing of a fact. */
  readonly changes: readonly string[];
}

const TABLES = {
  portfolio: tableOf('portfolio', portfolios, PORTFOLIO_CHANGES),
  order: tableOf('order', orders, ORDER_CHANGES),
  position: tableOf('position', positions, POSITION_CHANGES),
  execution: tableOf('execution', executions),
  'cash movement': tableOf('cash movement', cashMovements),
  snapshot: tableOf('snapshot', portfolioSnapshots),
} as const;

/** A write of a kind that comes in large numbers. */
export type BulkWrite = Extract<Write, { kind: keyof typeof TABLES }>;

/** In the order of the write set. */
export const KINDS = Object.keys(TABLES) as readonly BulkWrite['kind'][];

/** The table of writes that are all of one kind. */
export function bulkTable([first]: readonly BulkWrite[]): BulkTable {
  if (!first) throw new Error('There is nothing to write.');
  return TABLES[first.kind];
}

/** What an update is given: the row it is of, the version that this must have, and what it becomes. */
export function updateColumns({ changes }: BulkTable): readonly string[] {
  return ['id', 'expected', ...changes];
}

/** A row as a mapper makes it; an object is JSON: tags, and the marks of a snapshot. */
type BulkRow = Readonly<Record<string, string | number | null | Readonly<Record<string, string>>>>;

/** What a write gives to the columns, as PostgreSQL reads it in a parameter, an array or a COPY. */
export function textsOf(write: BulkWrite, columns: readonly string[]): (string | null)[] {
  const row = bulkRow(write);
  const expected = 'expected' in write ? write.expected : undefined;
  return columns.map((column) => textOf(column === 'expected' ? expected : row[column]));
}

/** What is missing is null, for the server to refuse: a statement that never reached it would let COMMIT pass. */
function textOf(value: BulkRow[string] | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function bulkRow(write: BulkWrite): BulkRow {
  switch (write.kind) {
    case 'portfolio':
      return portfolioToRow(write.entity);
    case 'order':
      return orderToRow(write.entity);
    case 'position':
      return positionToRow(write.entity);
    case 'execution':
      return executionToRow(write.fact);
    case 'cash movement':
      return cashMovementToRow(write.fact);
    case 'snapshot':
      return snapshotToRow(write.fact);
  }
}

function tableOf(kind: EntityKind, table: PgTable, changes: readonly string[] = []): BulkTable {
  const columns = getTableColumns(table);
  const types = Object.values(columns).map((column) => column.getSQLType());
  return { kind, name: getTableName(table), columns: Object.keys(columns), types, changes };
}
