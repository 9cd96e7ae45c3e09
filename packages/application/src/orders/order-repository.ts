import type {
  BrokerOrderId,
  ClientOrderId,
  Multiplier,
  Order,
  OrderId,
  OrderStatus,
  PortfolioId,
  Ticker,
  Timestamp,
} from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** The caller's own name of an order, unique in its portfolio. */
export type ClientOrderKey = Pick<Order, 'portfolioId' | 'clientOrderId'>;
/** What all active orders in a symbol must agree on. */
export type MultiplierKey = Pick<Order, 'portfolioId' | 'symbol' | 'multiplier'>;

/** Lists are sorted by the time of creation, then by id. */
export interface OrderReader {
  find(id: OrderId): Promise<Order | undefined>;
  /** @throws NotFoundError */
  get(id: OrderId): Promise<Order>;
  /** Those there are of these orders, in no order. */
  findAll(ids: readonly OrderId[]): Promise<readonly Order[]>;
  findByClientOrderId(portfolioId: PortfolioId, clientOrderId: ClientOrderId): Promise<Order | undefined>;
  /** Those there are of the orders under these names, in no order. */
  findAllByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly Order[]>;
  findByBrokerOrderId(portfolioId: PortfolioId, brokerOrderId: BrokerOrderId): Promise<Order | undefined>;
  /** The first active order in the symbol whose multiplier is not this one: the two could not fill one position. */
  findActiveWithOtherMultiplier(
    portfolioId: PortfolioId,
    symbol: Ticker,
    multiplier: Multiplier,
  ): Promise<Order | undefined>;
  /** For each of these keys an active order as `findActiveWithOtherMultiplier` finds one, where there is any; in no order. */
  findAllActiveWithOtherMultiplier(keys: readonly MultiplierKey[]): Promise<readonly Order[]>;
  /** PENDING, SUBMITTED and PARTIALLY_FILLED. */
  listActive(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Order>>;
  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page?: PageRequest): Promise<Page<Order>>;
  listByStatus(portfolioId: PortfolioId, status: OrderStatus, page?: PageRequest): Promise<Page<Order>>;
  /** Both ends included. */
  listCreatedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<Order>>;
  /**
   * All orders of a portfolio by the time of creation, then by id; of all portfolios, in no order, without one. However many they are,
   * few are in memory. Of one moment: what is stored meanwhile is not among them. Stop early, and nothing is left open.
   * @example for await (const order of database.read.orders.stream(portfolioId)) …
   */
  stream(portfolioId?: PortfolioId): AsyncIterable<Order>;
}

export interface OrderRepository extends OrderReader {
  /** The order, locked until the unit of work ends. Lock the portfolio first where both are needed. @throws NotFoundError */
  getForUpdate(id: OrderId): Promise<Order>;
  /** Those there are of these orders, each locked as by `getForUpdate`, in ascending order of their ids. */
  findAllForUpdate(ids: readonly OrderId[]): Promise<readonly Order[]>;
  /** Registers the order to be stored, and returns it at its next version. @throws ConcurrencyError when it does not derive from the version saved last */
  save(order: Order): Order;
  /**
   * Registers many orders, new ones and changed ones in any mixture, as `save` does each, and returns them in the same order at their
   * next versions. Hundreds and more are sent in bulk (docs/bulk.md). @throws ConcurrencyError as save; those before it are registered then
   */
  saveMany(orders: readonly Order[]): Order[];
  /** Registers the order to be removed; refused by the database (IntegrityError) when it has executions. @throws ConcurrencyError as save */
  remove(order: Order): void;
}
