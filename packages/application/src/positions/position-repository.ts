import type {
  MarkedPosition,
  PortfolioId,
  Position,
  PositionId,
  StrategyName,
  Ticker,
  Timestamp,
} from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** What an open position is found by: a portfolio has at most one in a symbol. */
export type OpenPositionKey = Pick<Position, 'portfolioId' | 'symbol'>;

/** Lists are sorted by the time of opening, then by id. */
export interface PositionReader {
  find(id: PositionId): Promise<Position | undefined>;
  /** @throws NotFoundError */
  get(id: PositionId): Promise<Position>;
  /** The open position in a symbol, with the symbol's mark. There is at most one. */
  findOpen(portfolioId: PortfolioId, symbol: Ticker): Promise<MarkedPosition | undefined>;
  /** Open positions, each with the mark of its symbol. */
  listOpen(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<MarkedPosition>>;
  listClosed(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Position>>;
  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page?: PageRequest): Promise<Page<Position>>;
  listByStrategy(portfolioId: PortfolioId, strategy: StrategyName, page?: PageRequest): Promise<Page<Position>>;
  /** Both ends included. */
  listOpenedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<Position>>;
}

export interface PositionRepository extends PositionReader {
  /** The open position, locked until the unit of work ends. Lock the portfolio and the order first where they are needed. */
  findOpenForUpdate(portfolioId: PortfolioId, symbol: Ticker): Promise<Position | undefined>;
  /** The open positions there are under these keys, each locked as by `findOpenForUpdate`, in ascending order of their ids. */
  findAllOpenForUpdate(keys: readonly OpenPositionKey[]): Promise<readonly Position[]>;
  /** Registers the position to be stored, and returns it at its next version. @throws ConcurrencyError when it does not derive from the version saved last */
  save(position: Position): Position;
  /** Registers the position to be removed. @throws ConcurrencyError as save */
  remove(position: Position): void;
}
