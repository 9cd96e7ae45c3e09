import {
  applyExecution,
  BrokerExecutionId,
  BrokerOrderId,
  ClientOrderId,
  Currency,
  Execution,
  ExecutionId,
  Money,
  Order,
  OrderId,
  OrderTerms,
  Portfolio,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  Venue,
  type ExecutionReport,
  type NewOrder,
  type Position,
} from '@blotter/domain';
import { orderId, portfolioId } from '../book/layout.js';

const USD = Currency.of('USD');
const AT = Timestamp.of('2026-01-05T14:30:00Z');
const FILLS = [Quantity.of('30'), Quantity.of('30.5'), Quantity.of('39.5')];

const NEW_ORDER: NewOrder = {
  id: OrderId.of(orderId(1)),
  portfolioId: PortfolioId.of(portfolioId(1)),
  clientOrderId: ClientOrderId.of('C-1'),
  symbol: Ticker.of('SYM1'),
  side: 'BUY',
  quantity: Quantity.of('100'),
  terms: OrderTerms.limit(Price.of('187.50')),
  timeInForce: 'DAY',
  currency: USD,
  createdAt: AT,
};
const BROKER_ORDER = BrokerOrderId.of('B-1');
const REPORT: ExecutionReport = {
  id: ExecutionId.of(orderId(2)),
  portfolioId: NEW_ORDER.portfolioId,
  orderId: NEW_ORDER.id,
  venue: Venue.of('XNAS'),
  brokerExecutionId: BrokerExecutionId.of('E-1'),
  symbol: NEW_ORDER.symbol,
  side: 'BUY',
  quantity: Quantity.of('1'),
  price: Price.of('187.251234567'),
  commission: Money.of('0.35', USD),
  executedAt: AT,
};
const PORTFOLIO = Portfolio.open({ id: NEW_ORDER.portfolioId, name: 'Portfolio 1', currency: USD, openedAt: AT });

/** An order is created, submitted and filled in three parts; its position and its portfolio follow each. */
export function liveThroughOrder(): void {
  let order = Order.create(NEW_ORDER).submit(BROKER_ORDER, AT);
  let portfolio = PORTFOLIO;
  let position: Position | undefined;
  for (const quantity of FILLS) {
    const execution = Execution.record({ ...REPORT, quantity }, { sequence: portfolio.nextSequence, recordedAt: AT });
    const change = applyExecution(position, execution);
    order = order.fill(execution);
    portfolio = portfolio.record(execution, change);
    position = change.open;
  }
  if (order.status !== 'FILLED') throw new Error('The order is not filled.');
}
