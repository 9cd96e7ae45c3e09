import {
  BrokerExecutionId,
  ClientOrderId,
  Currency,
  Execution,
  ExecutionId,
  Money,
  Multiplier,
  Order,
  OrderId,
  OrderTerms,
  Portfolio,
  PortfolioId,
  Position,
  PositionId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  Venue,
  type ExecutionReport,
  type ExecutionState,
  type Fill,
  type NewOrder,
  type NewPortfolio,
} from '@blotter/domain';

export const USD = Currency.of('USD');
export const NOON = Timestamp.of('2026-01-05T12:00:00.000000Z');
/** As many digits as an amount can have: 20 before the point and 18 behind it. */
export const LONGEST = '98765432109876543210.123456789012345678';
/** The smallest amount above zero. */
export const SMALLEST = '0.000000000000000001';

export function randomId(): string {
  return crypto.randomUUID();
}

export function randomName(prefix: string): string {
  return `${prefix} ${randomId()}`;
}

/** A symbol that no other test uses: marks belong to no portfolio. */
export function randomTicker(): Ticker {
  return Ticker.of(`T${randomId().replaceAll('-', '').slice(0, 20).toUpperCase()}`);
}

/** A moment so many microseconds after noon; below a second. */
export function afterNoon(microseconds: number): Timestamp {
  return Timestamp.of(`2026-01-05T12:00:00.${microseconds.toString().padStart(6, '0')}Z`);
}

export function usd(amount: string | number): Money {
  return Money.of(amount, USD);
}

export function anyPortfolio(changes: Partial<NewPortfolio> = {}): Portfolio {
  return Portfolio.open({
    id: PortfolioId.of(randomId()),
    name: randomName('Portfolio'),
    currency: USD,
    openedAt: NOON,
    ...changes,
  });
}

export function anyOrder(portfolio: Portfolio, changes: Partial<NewOrder> = {}): Order {
  return Order.create({
    id: OrderId.of(randomId()),
    portfolioId: portfolio.id,
    clientOrderId: ClientOrderId.of(randomName('client')),
    symbol: Ticker.of('AAPL'),
    side: 'BUY',
    quantity: Quantity.of(10),
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    currency: portfolio.currency,
    createdAt: NOON,
    ...changes,
  });
}

/** A fill of the whole order at 100 without commission. */
export function anyReport(order: Order, changes: Partial<ExecutionReport> = {}): ExecutionReport {
  return {
    id: ExecutionId.of(randomId()),
    portfolioId: order.portfolioId,
    orderId: order.id,
    venue: Venue.of('XNAS'),
    brokerExecutionId: BrokerExecutionId.of(randomName('exec')),
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    price: Price.of(100),
    multiplier: order.multiplier,
    commission: Money.zero(order.currency),
    executedAt: NOON,
    ...changes,
  };
}

/** Such a fill with a place in the ledger: the first one. */
export function anyExecution(order: Order, changes: Partial<ExecutionState> = {}): Execution {
  const { sequence = 1, recordedAt = NOON, ...report } = changes;
  return Execution.record(anyReport(order, report), { sequence, recordedAt });
}

/** Ten units at 100, long. */
function anyFill(changes: Partial<Fill> = {}): Fill {
  return {
    quantity: Quantity.of(10),
    notional: usd(1_000),
    commission: usd(1),
    price: Price.of(100),
    at: NOON,
    ...changes,
  };
}

/** A fill that closes what {@link anyFill} opened, at the same price. */
export const closingFill = anyFill({ quantity: Quantity.of(-10), notional: usd(-1_000) });

export function anyPosition(
  portfolio: Portfolio,
  origin: Partial<Parameters<typeof Position.open>[0]> = {},
  fill: Partial<Fill> = {},
): Position {
  return Position.open(
    {
      id: PositionId.of(randomId()),
      portfolioId: portfolio.id,
      symbol: Ticker.of('AAPL'),
      multiplier: Multiplier.one,
      ...origin,
    },
    anyFill(fill),
  );
}
