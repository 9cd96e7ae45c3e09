import { and, asc, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { arrayOf } from '../database/array-literal.js';
import { pageClauses, type Direction } from '../database/rows.js';
import { statement, statementById } from '../database/statement.js';
import { marks } from '../marks/mark-table.js';
import type { PositionRow } from '../positions/position-mapper.js';
import { positions } from '../positions/position-table.js';
import type { PortfolioRow } from './portfolio-mapper.js';
import { portfolios } from './portfolio-table.js';

const { placeholder } = sql;

export const selectPortfolio = statementById<PortfolioRow>('portfolio_by_id', (database) =>
  database
    .select()
    .from(portfolios)
    .where(eq(portfolios.id, placeholder('id'))),
);

// FOR UPDATE would wait for the foreign keys of concurrent inserts, which lock FOR KEY SHARE, and deadlock with them.
export const lockPortfolio = statement<PortfolioRow[]>('portfolio_lock', (database) =>
  database
    .select()
    .from(portfolios)
    .where(eq(portfolios.id, placeholder('id')))
    .for('no key update'),
);

/** Locked in the order of the ids: two that lock several in another order would wait for each other. */
export const lockPortfolios = statement<PortfolioRow[]>('portfolios_lock', (database) =>
  database
    .select()
    .from(portfolios)
    .where(sql`${portfolios.id} = any(${arrayOf('ids', 'uuid')})`)
    .orderBy(asc(portfolios.id))
    .for('no key update'),
);

export const selectPortfolioByName = statement<PortfolioRow[]>('portfolio_by_name', (database) =>
  database
    .select()
    .from(portfolios)
    .where(eq(portfolios.name, placeholder('name'))),
);

export const selectCurrentPortfolio = statement<PortfolioRow[]>('portfolio_current', (database) =>
  database.select().from(portfolios).orderBy(desc(portfolios.openedAt), desc(portfolios.id)).limit(1),
);

/** Open positions, and beside the first of them the portfolio; beside nothing when it has none. */
export interface PortfolioWithPositionRow {
  readonly portfolio: PortfolioRow | null;
  readonly position: PositionRow | null;
  readonly markPrice: string | null;
  readonly markAt: string | null;
}

/** One statement, so that all of it is of one moment. With the portfolio beside each of twenty positions it takes a sixth longer. */
export const selectPortfolioWithPositions = statement<PortfolioWithPositionRow[]>(
  'portfolio_with_positions',
  (database) => {
    const sought = alias(portfolios, 'sought');
    // In the order of the statement itself.
    const first = sql`(select id from ${positions} where portfolio_id = ${placeholder('id')} and closed_at is null
      order by opened_at, id limit 1)`;
    return database
      .select({ portfolio: portfolios, position: positions, markPrice: marks.price, markAt: marks.at })
      .from(sought)
      .leftJoin(positions, and(eq(positions.portfolioId, sought.id), isNull(positions.closedAt)))
      .leftJoin(marks, eq(marks.symbol, positions.symbol))
      .leftJoin(portfolios, and(eq(portfolios.id, sought.id), or(isNull(positions.id), eq(positions.id, first))))
      .where(eq(sought.id, placeholder('id')))
      .orderBy(asc(positions.openedAt), asc(positions.id));
  },
);

const list = (name: string, ...conditions: readonly SQL[]) => {
  const inDirection = (direction: Direction) =>
    statement<PortfolioRow[]>(`portfolios_${name}_${direction}`, (database) => {
      const page = pageClauses({ first: portfolios.openedAt, second: portfolios.id }, direction, ...conditions);
      return database
        .select()
        .from(portfolios)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(placeholder('limit'));
    });
  return { oldest: inDirection('oldest'), newest: inDirection('newest') };
};

export const listPortfolios = list('all');
export const listPortfoliosByStrategy = list('by_strategy', eq(portfolios.strategy, placeholder('strategy')));

/** The columns that an update may change. */
export const PORTFOLIO_CHANGES = [
  'tags',
  'maxPositionValue',
  'maxOpenPositions',
  'maxLeverage',
  'maxRiskPerOrder',
  'cash',
  'deposits',
  'withdrawals',
  'realisedPnl',
  'commissions',
  'tradeCount',
  'winCount',
  'lossCount',
  'grossProfit',
  'grossLoss',
  'lastSequence',
  'version',
] as const;
