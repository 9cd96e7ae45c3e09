import {
  NotFoundError,
  type OrderReader,
  type OrderRepository,
  type Page,
  type PageRequest,
} from '@blotter/application';
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
import { arrayLiteral } from '../database/array-literal.js';
import { readPage, type Direction } from '../database/rows.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { orderFromRow, type OrderRow } from './order-mapper.js';
import {
  listActiveOrders,
  listOrdersBySymbol,
  listOrdersByStatus,
  listOrdersCreatedBetween,
  lockOrder,
  lockOrders,
  selectActiveOrderWithOtherMultiplier,
  selectOrder,
  selectOrderByBrokerOrderId,
  selectOrderByClientOrderId,
} from './order-statements.js';

export class PostgresOrderReader implements OrderReader {
  constructor(protected readonly runner: StatementRunner) {}

  find(id: OrderId): Promise<Order | undefined> {
    return this.one(selectOrder, { id });
  }

  async get(id: OrderId): Promise<Order> {
    return found(await this.one(selectOrder, { id }), id);
  }

  findByClientOrderId(portfolioId: PortfolioId, clientOrderId: ClientOrderId): Promise<Order | undefined> {
    return this.one(selectOrderByClientOrderId, { portfolioId, clientOrderId });
  }

  findByBrokerOrderId(portfolioId: PortfolioId, brokerOrderId: BrokerOrderId): Promise<Order | undefined> {
    return this.one(selectOrderByBrokerOrderId, { portfolioId, brokerOrderId });
  }

  findActiveWithOtherMultiplier(
    portfolioId: PortfolioId,
    symbol: Ticker,
    multiplier: Multiplier,
  ): Promise<Order | undefined> {
    return this.one(selectActiveOrderWithOtherMultiplier, { portfolioId, symbol, multiplier: multiplier.toString() });
  }

  listActive(portfolioId: PortfolioId, page: PageRequest = {}): Promise<Page<Order>> {
    return this.list(listActiveOrders, { portfolioId }, page);
  }

  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page: PageRequest = {}): Promise<Page<Order>> {
    return this.list(listOrdersBySymbol, { portfolioId, symbol }, page);
  }

  listByStatus(portfolioId: PortfolioId, status: OrderStatus, page: PageRequest = {}): Promise<Page<Order>> {
    return this.list(listOrdersByStatus, { portfolioId, status }, page);
  }

  listCreatedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page: PageRequest = {},
  ): Promise<Page<Order>> {
    return this.list(listOrdersCreatedBetween, { portfolioId, from, to }, page);
  }

  protected async one(statement: Statement<OrderRow[]>, parameters: Parameters): Promise<Order | undefined> {
    const [row] = await this.runner.run(statement, parameters);
    return row && orderFromRow(row);
  }

  private list(
    statements: Readonly<Record<Direction, Statement<OrderRow[]>>>,
    parameters: Parameters,
    page: PageRequest,
  ): Promise<Page<Order>> {
    return readPage(
      page,
      'time',
      (direction, edge) => this.runner.run(statements[direction], { ...parameters, ...edge }),
      orderFromRow,
      (order) => [order.createdAt, order.id],
    );
  }
}

export class PostgresOrderRepository extends PostgresOrderReader implements OrderRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  async getForUpdate(id: OrderId): Promise<Order> {
    return found(await this.one(lockOrder, { id }), id);
  }

  async findAllForUpdate(ids: readonly OrderId[]): Promise<readonly Order[]> {
    return (await this.runner.run(lockOrders, { ids: arrayLiteral(ids) })).map(orderFromRow);
  }

  save(order: Order): Order {
    return this.writes.register().saveOrder(order);
  }

  saveMany(orders: readonly Order[]): Order[] {
    const writes = this.writes.register();
    return orders.map((order) => writes.saveOrder(order));
  }

  remove(order: Order): void {
    this.writes.register().remove({ kind: 'order', entity: order });
  }
}

function found(order: Order | undefined, id: OrderId): Order {
  if (!order) throw new NotFoundError('order', id);
  return order;
}
