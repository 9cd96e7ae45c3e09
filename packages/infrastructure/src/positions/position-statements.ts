import { and, asc, eq, gte, isNotNull, isNull, lte, sql, type SQL } from 'drizzle-orm';
import { arrayOf } from '../database/array-literal.js';
import { pageClauses, type Direction } from '../database/rows.js';
import { statement, statementById } from '../database/statement.js';
import { marks } from '../marks/mark-table.js';
import type { MarkedPositionRow, PositionRow } from './position-mapper.js';
import { positions } from './position-table.js';

const { placeholder } = sql;
const keys = { first: positions.openedAt, second: positions.id };
const ofPortfolio = eq(positions.portfolioId, placeholder('portfolioId'));
const openInSymbol = and(ofPortfolio, eq(positions.symbol, placeholder('symbol')), isNull(positions.closedAt));
const marked = { position: positions, markPrice: marks.price, markAt: marks.at };

export const selectPosition = statementById<PositionRow>('position_by_id', (database) =>
  database
    .select()
    .from(positions)
    .where(eq(positions.id, placeholder('id'))),
);

export const lockOpenPosition = statement<PositionRow[]>('position_open_lock', (database) =>
  database.select().from(positions).where(openInSymbol).for('no key update'),
);

export const lockOpenPositions = statement<PositionRow[]>('positions_open_lock', (database) =>
  database
    .select()
    .from(positions)
    .where(
      and(
        sql`(${positions.portfolioId}, ${positions.symbol}) in (select * from unnest(${arrayOf('portfolioIds', 'uuid')}, ${arrayOf('symbols', 'text')}))`,
        isNull(positions.closedAt),
      ),
    )
    .orderBy(asc(positions.id))
    .for('no key update'),
);

export const selectOpenPosition = statement<MarkedPositionRow[]>('position_open', (database) =>
  database.select(marked).from(positions).leftJoin(marks, eq(marks.symbol, positions.symbol)).where(openInSymbol),
);

const inBothDirections = <Rows>(make: (direction: Direction) => Rows) => ({
  oldest: make('oldest'),
  newest: make('newest'),
});

export const listOpenPositions = inBothDirections((direction) =>
  statement<MarkedPositionRow[]>(`positions_open_${direction}`, (database) => {
    const page = pageClauses(keys, direction, ofPortfolio, isNull(positions.closedAt));
    return database
      .select(marked)
      .from(positions)
      .leftJoin(marks, eq(marks.symbol, positions.symbol))
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(placeholder('limit'));
  }),
);

const list = (name: string, ...conditions: readonly SQL[]) =>
  inBothDirections((direction) =>
    statement<PositionRow[]>(`positions_${name}_${direction}`, (database) => {
      const page = pageClauses(keys, direction, ofPortfolio, ...conditions);
      return database
        .select()
        .from(positions)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(placeholder('limit'));
    }),
  );

export const listClosedPositions = list('closed', isNotNull(positions.closedAt));
export const listPositionsBySymbol = list('by_symbol', eq(positions.symbol, placeholder('symbol')));
export const listPositionsByStrategy = list('by_strategy', eq(positions.strategy, placeholder('strategy')));
export const listPositionsOpenedBetween = list(
  'opened_between',
  gte(positions.openedAt, placeholder('from')),
  lte(positions.openedAt, placeholder('to')),
);

/** The columns that an update may change. */
export const POSITION_CHANGES = [
  'quantity',
  'costBasis',
  'realisedPnl',
  'commission',
  'invested',
  'maxValue',
  'stopLoss',
  'takeProfit',
  'strategy',
  'tags',
  'closedAt',
  'version',
] as const;
