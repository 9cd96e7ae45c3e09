import { Blotter, encodeCursor, everyItem } from '@blotter/application';
import {
  BrokerExecutionId,
  BrokerOrderId,
  ClientOrderId,
  Currency,
  ExecutionId,
  Money,
  Order,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  Venue,
  type ExecutionReport,
} from '@blotter/domain';
import { Database, DatabaseConfig } from '@blotter/infrastructure';
import type { Fill, NewOrder, SubmittedOrder } from '../book/inputs.js';
import { liveThroughOrder } from './blotter-domain.js';
import type { OpenBook, OpenOptions, Send } from './contestant.js';

const USD = Currency.of('USD');
const XNAS = Venue.of('XNAS');
const [FROM, TO] = [Timestamp.of('2015-01-01T00:00:00Z'), Timestamp.of('2026-01-01T00:00:00Z')];

/** Blotter by its public API, as its README shows it. */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const config = DatabaseConfig.fromUrl(url, { minPoolSize: sessions, maxPoolSize: sessions });
  const database = await Database.connect(config);
  const blotter = new Blotter(database);
  const grouped = new Blotter(database, { group: true });
  const { orders, portfolios, snapshots } = database.read;
  return {
    findOrder: (id) => orders.find(OrderId.of(id)),
    activeOrders: async (id) => (await orders.listActive(PortfolioId.of(id))).items,
    ordersPage: async (id, after) => {
      const start = after && { after: encodeCursor(Timestamp.of(after.createdAt), after.id) };
      return (await orders.listCreatedBetween(PortfolioId.of(id), FROM, TO, start)).items;
    },
    portfolioWithPositions: (id) => portfolios.getWithPositions(PortfolioId.of(id)),
    snapshots: async (id) => {
      const history = [];
      for await (const snapshot of everyItem((page) => snapshots.listBetween(PortfolioId.of(id), FROM, TO, page))) {
        history.push(snapshot);
      }
      return history;
    },
    addOrder: (order) => blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(orderOf(order)))),
    addOrderGrouped: (order) =>
      blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(orderOf(order))), { group: true }),
    recordFill: (fill) => blotter.recordExecution(reportOf(fill)),
    recordFillGrouped: (fill) => grouped.recordExecution(reportOf(fill)),
    saveOrders: (list) => saveMany(blotter, list.map(orderOf)),
    upsertOrders: (list) => saveMany(blotter, list.map(submittedOrderOf)),
    recordFills: (fills) => {
      const reports = fills.map(reportOf);
      return () => blotter.recordExecutions(reports);
    },
    liveThroughOrder,
    streamOrders: async () => {
      let count = 0;
      for await (const order of orders.stream()) if (order.version > 0) count += 1;
      return count;
    },
    close: () => database.close(),
  };
}

function saveMany(blotter: Blotter, orders: readonly Order[]): Send {
  return () => blotter.transactions.execute((unit) => Promise.resolve(unit.orders.saveMany(orders)));
}

function orderOf(order: NewOrder): Order {
  return Order.create({
    id: OrderId.of(order.id),
    portfolioId: PortfolioId.of(order.portfolioId),
    clientOrderId: ClientOrderId.of(order.clientOrderId),
    symbol: Ticker.of(order.symbol),
    side: 'BUY',
    quantity: Quantity.of(order.quantity),
    terms: OrderTerms.limit(Price.of(order.limitPrice)),
    timeInForce: 'DAY',
    currency: USD,
    createdAt: Timestamp.of(order.createdAt),
  });
}

function submittedOrderOf(order: SubmittedOrder): Order {
  return orderOf(order)
    .atVersion(order.version)
    .submit(BrokerOrderId.of(order.brokerOrderId), Timestamp.of(order.submittedAt));
}

function reportOf(fill: Fill): ExecutionReport {
  return {
    id: ExecutionId.of(fill.executionId),
    portfolioId: PortfolioId.of(fill.portfolioId),
    orderId: OrderId.of(fill.orderId),
    venue: XNAS,
    brokerExecutionId: BrokerExecutionId.of(fill.brokerExecutionId),
    symbol: Ticker.of(fill.symbol),
    side: 'BUY',
    quantity: Quantity.of(fill.quantity),
    price: Price.of(fill.price),
    commission: Money.of(fill.commission, USD),
    executedAt: Timestamp.of(fill.executedAt),
  };
}
