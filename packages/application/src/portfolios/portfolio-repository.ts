import type { MarkedPosition, Portfolio, PortfolioId, StrategyName } from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** A portfolio and all its open positions with their marks, of one moment. */
export interface PortfolioWithPositions {
  readonly portfolio: Portfolio;
  readonly positions: readonly MarkedPosition[];
}

/** Lists are sorted by the time of opening, then by id. */
export interface PortfolioReader {
  find(id: PortfolioId): Promise<Portfolio | undefined>;
  /** @throws NotFoundError */
  get(id: PortfolioId): Promise<Portfolio>;
  findByName(name: string): Promise<Portfolio | undefined>;
  /** The portfolio that was opened last. */
  findCurrent(): Promise<Portfolio | undefined>;
  /** @throws NotFoundError */
  getWithPositions(id: PortfolioId): Promise<PortfolioWithPositions>;
  list(page?: PageRequest): Promise<Page<Portfolio>>;
  listByStrategy(strategy: StrategyName, page?: PageRequest): Promise<Page<Portfolio>>;
}

export interface PortfolioRepository extends PortfolioReader {
  /** As `getForUpdate`; undefined, and nothing locked, when there is none. */
  findForUpdate(id: PortfolioId): Promise<Portfolio | undefined>;
  /** The portfolio, locked until the unit of work ends; several in ascending order of their ids. @throws NotFoundError */
  getForUpdate(id: PortfolioId): Promise<Portfolio>;
  /** Those there are of these portfolios, each locked as by `getForUpdate`, in ascending order of their ids. */
  findAllForUpdate(ids: readonly PortfolioId[]): Promise<readonly Portfolio[]>;
  /** Registers the portfolio to be stored, and returns it at its next version. @throws ConcurrencyError when it does not derive from the version saved last */
  save(portfolio: Portfolio): Portfolio;
  /**
   * Registers the portfolio to be removed; refused by the database (IntegrityError) when it has any history. It goes behind all
   * other writes, so its name is free again after the flush that removes it. Lock it first where orders or positions are removed
   * with it. @throws ConcurrencyError as save
   */
  remove(portfolio: Portfolio): void;
}
