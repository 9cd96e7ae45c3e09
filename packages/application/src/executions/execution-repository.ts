import type {
  Execution,
  ExecutionId,
  ExecutionKey,
  Order,
  OrderId,
  Portfolio,
  PortfolioId,
  Position,
} from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** Executions: append-only. Lists are sorted by sequence. */
export interface ExecutionReader {
  find(id: ExecutionId): Promise<Execution | undefined>;
  /** The execution that the broker's report names, recorded before. */
  findByKey(key: ExecutionKey): Promise<Execution | undefined>;
  /** Those there are of the executions that these reports name, in no order. */
  findAllByKey(keys: readonly ExecutionKey[]): Promise<readonly Execution[]>;
  list(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Execution>>;
  listByOrder(orderId: OrderId, page?: PageRequest): Promise<Page<Execution>>;
  /** All executions of a portfolio by sequence; of all portfolios, in no order, without one. As `stream` of the orders. */
  stream(portfolioId?: PortfolioId): AsyncIterable<Execution>;
}

/** What a broker's report of a fill names. */
export type FillKey = ExecutionKey & { readonly orderId: OrderId };

/** What the recording of a fill decides on, and what it changes. */
export interface FillBasis {
  readonly portfolio: Portfolio;
  readonly order: Order;
  /** The open position in the symbol. */
  readonly held: Position | undefined;
  /** The execution that the report names, where it was recorded before. */
  readonly present: Execution | undefined;
}

export interface ExecutionRepository extends ExecutionReader {
  /**
   * The basis of a fill, all of one moment and not locked. For work that saves the portfolio, the order and the position, so that
   * the commit is refused where one of them has changed meanwhile; repeated work locks them instead.
   * @throws NotFoundError for the portfolio or the order
   */
  getBasis(fill: FillKey): Promise<FillBasis>;
  /** Registers the execution to be stored. */
  add(execution: Execution): void;
}
