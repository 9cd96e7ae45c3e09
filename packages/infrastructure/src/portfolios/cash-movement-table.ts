import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { decimal, moment } from '../database/columns.js';
import { portfolios } from './portfolio-table.js';

export const cashMovementKind = pgEnum('cash_movement_kind', ['DEPOSIT', 'WITHDRAWAL']);

/** Append-only: a trigger of a hand-written migration refuses updates and removals. */
export const cashMovements = pgTable(
  'cash_movements',
  {
    id: uuid().primaryKey(),
    portfolioId: uuid().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    kind: cashMovementKind().notNull(),
    amount: decimal().notNull(),
    currency: text().notNull(),
    at: moment().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'cash_movements_portfolio_fkey',
      columns: [table.portfolioId, table.currency],
      foreignColumns: [portfolios.id, portfolios.currency],
    }),
    // list; one entry for each place in the ledger
    unique('cash_movements_sequence_key').on(table.portfolioId, table.sequence),
    check('cash_movements_amount_check', sql`amount > 0`),
    check('cash_movements_sequence_check', sql`sequence >= 1`),
  ],
);
