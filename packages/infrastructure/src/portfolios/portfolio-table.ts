import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { decimal, moment, tags } from '../database/columns.js';

export const portfolios = pgTable(
  'portfolios',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    currency: text().notNull(),
    strategy: text(),
    tags: tags(),
    maxPositionValue: decimal(),
    maxOpenPositions: integer(),
    maxLeverage: decimal(),
    maxRiskPerOrder: decimal(),
    cash: decimal().notNull(),
    deposits: decimal().notNull(),
    withdrawals: decimal().notNull(),
    realisedPnl: decimal().notNull(),
    commissions: decimal().notNull(),
    tradeCount: integer().notNull(),
    winCount: integer().notNull(),
    lossCount: integer().notNull(),
    grossProfit: decimal().notNull(),
    grossLoss: decimal().notNull(),
    lastSequence: bigint({ mode: 'number' }).notNull(),
    openedAt: moment().notNull(),
    version: integer().notNull(),
  },
  (table) => [
    // findByName
    unique('portfolios_name_key').on(table.name),
    // What orders, executions, positions and snapshots refer to: their currency is their portfolio's.
    unique('portfolios_id_currency_key').on(table.id, table.currency),
    // list, findCurrent
    index('portfolios_opened_at_idx').on(table.openedAt, table.id),
    // listByStrategy
    index('portfolios_strategy_idx').on(table.strategy, table.openedAt, table.id),
    check(
      'portfolios_counts_check',
      sql`trade_count >= 0 and win_count >= 0 and loss_count >= 0 and win_count + loss_count <= trade_count`,
    ),
    check('portfolios_flows_check', sql`deposits >= 0 and withdrawals >= 0 and gross_profit >= 0 and gross_loss <= 0`),
    check('portfolios_sequence_check', sql`last_sequence >= 0`),
    check('portfolios_version_check', sql`version >= 1`),
  ],
);
