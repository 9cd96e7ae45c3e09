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
import { DUPLICATE_KEYS } from '../../duplicate-keys.js';
import { NotFoundError } from '../../errors.js';
import type { ClientOrderKey, MultiplierKey, OrderReader, OrderRepository } from '../../orders/order-repository.js';
import type { Page, PageRequest } from '../../paging/page.js';
import { byTime, paging, sorted } from './keyset.js';
import { allThere, type Ask, type RepositoryAccess } from './repository-access.js';
import { uniqueKey, type UniqueKey } from './unique-keys.js';

const byCreation = byTime((order: Order) => order.createdAt);

export class InMemoryOrderReader implements OrderReader {
  constructor(protected readonly ask: Ask) {}

  find(id: OrderId): Promise<Order | undefined> {
    return this.ask((view) => view.row('order', id));
  }

  async get(id: OrderId): Promise<Order> {
    return there(id, await this.find(id));
  }

  findAll(ids: readonly OrderId[]): Promise<readonly Order[]> {
    return allThere([...new Set(ids)].map((id) => this.find(id)));
  }

  findByClientOrderId(portfolioId: PortfolioId, clientOrderId: ClientOrderId): Promise<Order | undefined> {
    return this.findByKey(uniqueKey(DUPLICATE_KEYS.clientOrderId, portfolioId, clientOrderId));
  }

  findAllByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly Order[]> {
    return allThere(keys.map(({ portfolioId, clientOrderId }) => this.findByClientOrderId(portfolioId, clientOrderId)));
  }

  findByBrokerOrderId(portfolioId: PortfolioId, brokerOrderId: BrokerOrderId): Promise<Order | undefined> {
    return this.findByKey(uniqueKey(DUPLICATE_KEYS.brokerOrderId, portfolioId, brokerOrderId));
  }

  async findActiveWithOtherMultiplier(
    portfolioId: PortfolioId,
    symbol: Ticker,
    multiplier: Multiplier,
  ): Promise<Order | undefined> {
    const isMeant = (order: Order) => order.isActive && order.symbol === symbol && !order.multiplier.equals(multiplier);
    const { items } = await this.list(portfolioId, { limit: 1 }, isMeant);
    return items[0];
  }

  findAllActiveWithOtherMultiplier(keys: readonly MultiplierKey[]): Promise<readonly Order[]> {
    return allThere(
      keys.map(({ portfolioId, symbol, multiplier }) =>
        this.findActiveWithOtherMultiplier(portfolioId, symbol, multiplier),
      ),
    );
  }

  listActive(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Order>> {
    return this.list(portfolioId, page, (order) => order.isActive);
  }

  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page?: PageRequest): Promise<Page<Order>> {
    return this.list(portfolioId, page, (order) => order.symbol === symbol);
  }

  listByStatus(portfolioId: PortfolioId, status: OrderStatus, page?: PageRequest): Promise<Page<Order>> {
    return this.list(portfolioId, page, (order) => order.status === status);
  }

  listCreatedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<Order>> {
    return this.list(portfolioId, page, ({ createdAt }) => createdAt >= from && createdAt <= to);
  }

  async *stream(portfolioId?: PortfolioId): AsyncGenerator<Order, void, undefined> {
    const isMeant = (order: Order) => portfolioId === undefined || order.portfolioId === portfolioId;
    yield* await this.ask((view) => sorted(byCreation, view.rows('order').filter(isMeant)));
  }

  private findByKey(key: UniqueKey): Promise<Order | undefined> {
    return this.ask((view) => {
      const id = view.idOfKey(key.text);
      return id === undefined ? undefined : view.row('order', id);
    });
  }

  private async list(
    portfolioId: PortfolioId,
    page: PageRequest | undefined,
    isMeant: (order: Order) => boolean,
  ): Promise<Page<Order>> {
    const cut = paging(byCreation, page);
    return this.ask((view) =>
      cut(view.rows('order').filter((order) => order.portfolioId === portfolioId && isMeant(order))),
    );
  }
}

export class InMemoryOrderRepository extends InMemoryOrderReader implements OrderRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  async getForUpdate(id: OrderId): Promise<Order> {
    return there(id, await this.access.lock('order', () => id));
  }

  findAllForUpdate(ids: readonly OrderId[]): Promise<readonly Order[]> {
    return allThere([...new Set(ids)].sort().map((id) => this.access.lock('order', () => id)));
  }

  save(order: Order): Order {
    return this.access.writes().saveOrder(order);
  }

  saveMany(orders: readonly Order[]): Order[] {
    const writes = this.access.writes();
    return orders.map((order) => writes.saveOrder(order));
  }

  remove(order: Order): void {
    this.access.writes().remove({ kind: 'order', entity: order });
  }
}

function there(id: OrderId, order: Order | undefined): Order {
  if (!order) throw new NotFoundError('order', id);
  return order;
}
