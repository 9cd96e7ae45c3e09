import { NotFoundError } from '@blotter/application';
import type { PortfolioId } from '@blotter/domain';
import type { Database } from '../database/database.js';
import type { PostgresUnitOfWork } from '../transactions/postgres-unit-of-work.js';
import { PROOF_SQL } from './proof-sql.js';

/** A figure as it is stored, beside what the facts make of it. */
export interface ProvenFigure {
  readonly portfolioId: string;
  readonly portfolio: string;
  /** Which row the figure is of: the portfolio itself, a position, an order, a snapshot. */
  readonly of: 'portfolio' | 'position' | 'order' | 'snapshot' | 'ledger';
  readonly id: string;
  /** Of a position. */
  readonly symbol: string | undefined;
  /** What is compared: an amount or a count, or the symbol, portfolio or multiplier that the row is about. */
  readonly figure: string;
  /** Undefined where the row is missing. */
  readonly stored: string | undefined;
  readonly recomputed: string | undefined;
  /** Absolute; "0" when both agree, at least "1" where the row is missing or about something else. */
  readonly difference: string;
}

export interface BookProof {
  /** The figures of the portfolios themselves. */
  readonly portfolios: readonly ProvenFigure[];
  /** The amounts of the positions that are open. */
  readonly openPositions: readonly ProvenFigure[];
  /** Every figure of the book that differs. */
  readonly mismatches: readonly ProvenFigure[];
  /** How many figures were compared. */
  readonly checked: number;
  /** Sum of all differences: "0" when the book is proven. */
  readonly difference: string;
}

/** A row of PROOF_SQL; the last two columns are the same in all of them. */
export interface ProofRow {
  readonly portfolio_id: string;
  readonly portfolio: string;
  readonly of: ProvenFigure['of'];
  readonly id: string;
  readonly symbol: string | null;
  readonly figure: string;
  readonly stored: string | null;
  readonly recomputed: string | null;
  readonly difference: string;
  readonly checked: number;
  readonly total: string;
}

/**
 * Recomputes the book in SQL from nothing but the executions and the cash movements, and sets it beside what is stored:
 * cash, flows, profit and loss, commissions and trades of every portfolio, every figure of every position and what it is
 * of, the filled amounts and the multiplier of every order, every figure of every snapshot, and that the ledger has no gap.
 * The market value of a snapshot is reckoned with the marks that it kept; one that kept none, because it was stored before
 * marks were kept, has its market value and unmarked positions left out. One statement, so of one moment.
 * @throws NotFoundError for a portfolio that is not there
 */
export async function proveBook(
  database: Database,
  options: { readonly portfolioIds?: readonly PortfolioId[] } = {},
): Promise<BookProof> {
  const { portfolioIds } = options;
  const scope = portfolioIds === undefined ? '*' : `{${portfolioIds.join(',')}}`;
  await using unit = database.begin({ readOnly: true });
  const rows = await proofRows(unit, scope);
  await unit.commit();
  const figures = rows.map(figureFromRow);
  // A portfolio that is not there has no figures, and must not pass for one that is proven.
  const missing = portfolioIds?.find((id) => !figures.some(({ portfolioId }) => portfolioId === id));
  if (missing) throw new NotFoundError('portfolio', missing);
  return {
    portfolios: figures.filter(({ of }) => of === 'portfolio'),
    openPositions: figures.filter(({ of, difference }) => of === 'position' && difference === '0'),
    mismatches: figures.filter(({ difference }) => difference !== '0'),
    checked: rows[0]?.checked ?? 0,
    difference: rows[0]?.total ?? '0',
  };
}

/**
 * Runs PROOF_SQL in a transaction. Without JIT: the statement is long and its estimates are high, so a server that has JIT
 * compiles all of it, on PostgreSQL 15 for 4.3 seconds to prove a book of 131 figures.
 */
export async function proofRows(unit: PostgresUnitOfWork, scope: string): Promise<readonly ProofRow[]> {
  await unit.sql('set local jit = off');
  return unit.sql<ProofRow>(PROOF_SQL, [scope]);
}

function figureFromRow(row: ProofRow): ProvenFigure {
  return {
    portfolioId: row.portfolio_id,
    portfolio: row.portfolio,
    of: row.of,
    id: row.id,
    symbol: row.symbol ?? undefined,
    figure: row.figure,
    stored: row.stored ?? undefined,
    recomputed: row.recomputed ?? undefined,
    difference: row.difference,
  };
}
