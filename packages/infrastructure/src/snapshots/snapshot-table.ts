import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { decimal, moment } from '../database/columns.js';
import { portfolios } from '../portfolios/portfolio-table.js';

/** Append-only: a trigger of a hand-written migration refuses updates and removals. */
export const portfolioSnapshots = pgTable(
  'portfolio_snapshots',
  {
    id: uuid().primaryKey(),
    portfolioId: uuid().notNull(),
    takenAt: moment().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    cash: decimal().notNull(),
    deposits: decimal().notNull(),
    withdrawals: decimal().notNull(),
    realisedPnl: decimal().notNull(),
    commissions: decimal().notNull(),
    costBasis: decimal().notNull(),
    marketValue: decimal().notNull(),
    openPositions: integer().notNull(),
    unmarkedPositions: integer().notNull(),
    // The prices it was valued at, as text by symbol. Null in snapshots from before they were kept, whose value the proof leaves out.
    marks: jsonb().$type<Readonly<Record<string, string>>>(),
  },
  (table) => [
    foreignKey({
      name: 'portfolio_snapshots_portfolio_fkey',
      columns: [table.portfolioId, table.currency],
      foreignColumns: [portfolios.id, portfolios.currency],
    }),
    // listBetween, findLatest
    unique('portfolio_snapshots_moment_key').on(table.portfolioId, table.takenAt),
    // The accounting identity, row by row.
    check(
      'portfolio_snapshots_identity_check',
      sql`cash = deposits - withdrawals + realised_pnl - commissions - cost_basis`,
    ),
    check('portfolio_snapshots_counts_check', sql`sequence >= 0 and unmarked_positions between 0 and open_positions`),
    check('portfolio_snapshots_marks_check', sql`jsonb_typeof(marks) = 'object'`),
  ],
);
