import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { decimal, moment, tags } from '../database/columns.js';
import { portfolios } from '../portfolios/portfolio-table.js';

export const positions = pgTable(
  'positions',
  {
    id: uuid().primaryKey(),
    portfolioId: uuid().notNull(),
    symbol: text().notNull(),
    currency: text().notNull(),
    multiplier: decimal().notNull(),
    quantity: decimal().notNull(),
    costBasis: decimal().notNull(),
    realisedPnl: decimal().notNull(),
    commission: decimal().notNull(),
    invested: decimal().notNull(),
    maxValue: decimal().notNull(),
    stopLoss: decimal(),
    takeProfit: decimal(),
    strategy: text(),
    tags: tags(),
    openedAt: moment().notNull(),
    closedAt: moment(),
    version: integer().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'positions_portfolio_fkey',
      columns: [table.portfolioId, table.currency],
      foreignColumns: [portfolios.id, portfolios.currency],
    }),
    // findOpen, findOpenForUpdate, getWithPositions; one open position per symbol
    uniqueIndex('positions_open_key')
      .on(table.portfolioId, table.symbol)
      .where(sql`closed_at is null`),
    // listOpen, getWithPositions
    index('positions_open_idx')
      .on(table.portfolioId, table.openedAt, table.id)
      .where(sql`closed_at is null`),
    // listClosed
    index('positions_closed_idx')
      .on(table.portfolioId, table.openedAt, table.id)
      .where(sql`closed_at is not null`),
    // listOpenedBetween
    index('positions_opened_at_idx').on(table.portfolioId, table.openedAt, table.id),
    // listBySymbol
    index('positions_symbol_idx').on(table.portfolioId, table.symbol, table.openedAt, table.id),
    // listByStrategy
    index('positions_strategy_idx').on(table.portfolioId, table.strategy, table.openedAt, table.id),
    check(
      'positions_closed_check',
      sql`(quantity = 0) = (closed_at is not null) and (quantity <> 0 or cost_basis = 0)`,
    ),
    check('positions_cost_basis_check', sql`sign(cost_basis) in (0, sign(quantity))`),
    check('positions_amounts_check', sql`multiplier > 0 and invested >= 0 and max_value >= 0`),
    check('positions_stops_check', sql`stop_loss > 0 is not false and take_profit > 0 is not false`),
    check('positions_version_check', sql`version >= 1`),
  ],
);
