import {
  NotFoundError,
  type ClientOrderKey,
  type MultiplierKey,
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
import { eachItem, type RowStreamer } from '../database/row-stream.js';
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
  selectActiveOrdersWithOtherMultipliers,
  selectOrders,
  selectOrdersByClientOrderIds,
  streamOrders,
  streamOrdersOfPortfolio,
  selectOrder,
  selectOrderByBrokerOrderId,
  selectOrderByClientOrderId,
} from './order-statements.js';

export class PostgresOrderReader implements OrderReader {
  constructor(protected readonly runner: StatementRunner & RowStreamer) {}

  find(id: OrderId): Promise<Order | undefined> {
    return this.one(selectOrder, { id });
  }

  async get(id: OrderId): Promise<Order> {
    return found(await this.one(selectOrder, { id }), id);
  }

  findAll(ids: readonly OrderId[]): Promise<readonly Order[]> {
    return this.all(selectOrders, { ids: arrayLiteral(ids) });
  }

  findByClientOrderId(portfolioId: PortfolioId, clientOrderId: ClientOrderId): Promise<Order | undefined> {
    return this.one(selectOrderByClientOrderId, { portfolioId, clientOrderId });
  }

  findAllByClientOrderId(keys: readonly ClientOrderKey[]): Promise<readonly Order[]> {
    return this.all(selectOrdersByClientOrderIds, {
      portfolioIds: arrayLiteral(keys.map(({ portfolioId }) => portfolioId)),
      clientOrderIds: arrayLiteral(keys.map(({ clientOrderId }) => clientOrderId)),
    });
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

  findAllActiveWithOtherMultiplier(keys: readonly MultiplierKey[]): Promise<readonly Order[]> {
    return this.all(selectActiveOrdersWithOtherMultipliers, {
      portfolioIds: arrayLiteral(keys.map(({ portfolioId }) => portfolioId)),
      symbols: arrayLiteral(keys.map(({ symbol }) => symbol)),
      multipliers: arrayLiteral(keys.map(({ multiplier }) => multiplier.toString())),
    });
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

  stream(portfolioId?: PortfolioId): AsyncIterable<Order> {
    const rows =
      portfolioId === undefined
        ? this.runner.stream(streamOrders, {})
        : this.runner.stream(streamOrdersOfPortfolio, { portfolioId });
    return eachItem(rows, orderFromRow);
  }

  protected async one(statement: Statement<OrderRow[]>, parameters: Parameters): Promise<Order | undefined> {
    const [row] = await this.runner.run(statement, parameters);
    return row && orderFromRow(row);
  }

  protected async all(statement: Statement<OrderRow[]>, parameters: Parameters): Promise<Order[]> {
    return (await this.runner.run(statement, parameters)).map(orderFromRow);
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
    runner: StatementRunner & RowStreamer,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  async getForUpdate(id: OrderId): Promise<Order> {
    return found(await this.one(lockOrder, { id }), id);
  }

  findAllForUpdate(ids: readonly OrderId[]): Promise<readonly Order[]> {
    return this.all(lockOrders, { ids: arrayLiteral(ids) });
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
