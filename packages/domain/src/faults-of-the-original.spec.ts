import { describe, expect, test } from 'vitest';
import {
  applyExecution,
  BrokerOrderId,
  Execution,
  Money,
  nextStatus,
  Order,
  Portfolio,
  Position,
  Price,
  profitFactor,
  Quantity,
  SnapshotId,
  snapshotEquity,
  snapshotOf,
  Timestamp,
  type ExecutionState,
  type OrderSide,
} from './index.js';
import {
  anyExecution,
  anyExecutionOf,
  anyFundedPortfolio,
  anyMovementOf,
  anyOrder,
  anyPortfolio,
  anyPosition,
  anyReport,
  anyUuid,
} from './testing/index.js';

const at = Timestamp.of('2026-01-05T15:00:00Z');
const usd = (amount: string | number) => Money.of(amount, 'USD');
const refusal = (code: string): unknown => expect.objectContaining({ code });

// What the system that Blotter replaces got wrong, as far as the domain alone can show it; the values and the
// repositories have files of this name of their own.

describe('portfolios', () => {
  test('a portfolio does not take the positions of another', () => {
    const portfolio = anyFundedPortfolio();
    const stranger = { position: anyPosition(), mark: undefined };
    expect(() => snapshotOf(SnapshotId.of(anyUuid()), at, portfolio, [stranger])).toThrow(refusal('INVALID_PORTFOLIO'));
    expect(() => applyExecution(anyPosition(), anyExecution())).toThrow(refusal('INVALID_EXECUTION'));
  });

  test('a snapshot keeps what the portfolio was, whatever becomes of it', () => {
    const portfolio = anyFundedPortfolio(1000);
    const snapshot = snapshotOf(SnapshotId.of(anyUuid()), at, portfolio, []);
    portfolio.move(anyMovementOf(portfolio));
    expect(snapshotEquity(snapshot).amount).toBe('1000');
  });

  test('the profit factor is not capped at 999.99', () => {
    const { portfolio } = traded(anyFundedPortfolio(), ['BUY', 1, 1], ['SELL', 1, 3001], ['BUY', 1, 2], ['SELL', 1, 1]);
    expect(profitFactor(portfolio)?.toString()).toBe('3000');
  });

  test('a changed portfolio keeps the version it was read at, so it does not conflict with itself', () => {
    const read = anyPortfolio().atVersion(4);
    expect(read.move(anyMovementOf(read)).version).toBe(4);
    expect(anyPosition({ version: 4 }).withStops({ stopLoss: Price.of(1), takeProfit: undefined }).version).toBe(4);
    expect(anyOrder().atVersion(4).cancel(at).version).toBe(4);
  });
});

describe('orders', () => {
  test('a filled order with filled quantity 0 is refused', () => {
    const state = { ...anyOrder(), status: 'FILLED' as const, filledAt: at };
    expect(() => Order.restore(state)).toThrow(refusal('INVALID_ORDER'));
  });

  test('a fill of quantity 0 is refused, and one of less', () => {
    expect(() => anyExecution({ quantity: Quantity.zero })).toThrow(refusal('MUST_BE_POSITIVE'));
    expect(() => anyExecution({ quantity: Quantity.of(-1) })).toThrow(refusal('MUST_BE_POSITIVE'));
  });

  test('a duplicate broker fill is recognised, and told from one that says something else', () => {
    const report = anyReport();
    const execution = Execution.record(report, { sequence: 1, recordedAt: at });
    expect(execution.saysTheSameAs({ ...report })).toBe(true);
    expect(execution.saysTheSameAs({ ...report, price: Price.of(101) })).toBe(false);
  });

  test('EXPIRED is reached', () => {
    expect(anyOrder().expire(at)).toMatchObject({ status: 'EXPIRED', closedAt: at, isActive: false });
    const submitted = anyOrder().submit(BrokerOrderId.of('broker-1'), at);
    expect(submitted.expire(at).status).toBe('EXPIRED');
    expect(submitted.fill(anyExecutionOf(submitted, { quantity: Quantity.of(1) })).expire(at).status).toBe('EXPIRED');
  });

  test('EXPIRED to CANCELLED is refused', () => {
    expect(nextStatus('EXPIRED', 'cancel')).toBeUndefined();
    expect(() => anyOrder().expire(at).cancel(at)).toThrow(refusal('INVALID_TRANSITION'));
  });

  test('SUBMITTED to REJECTED is allowed', () => {
    const submitted = anyOrder().submit(BrokerOrderId.of('broker-1'), at);
    expect(submitted.reject(at, 'not enough margin')).toMatchObject({
      status: 'REJECTED',
      reason: 'not enough margin',
    });
  });
});

describe('positions', () => {
  test('the sign of a short position’s P&L and its cash agree', () => {
    const start = anyFundedPortfolio(1000);
    const won = traded(start, ['SELL', 10, 100], ['BUY', 10, 90]).portfolio;
    expect([won.realisedPnl.amount, won.cash.amount, won.winCount]).toEqual(['100', '1100', 1]);
    const lost = traded(start, ['SELL', 10, 100], ['BUY', 10, 110]).portfolio;
    expect([lost.realisedPnl.amount, lost.cash.amount, lost.lossCount]).toEqual(['-100', '900', 1]);
  });

  test('an open short position’s P&L and its cash agree at every price', () => {
    const { portfolio, held } = traded(anyFundedPortfolio(1000), ['SELL', 10, 100]);
    for (const price of [0, 90, 100, 110].map((value) => Price.of(value))) {
      expect(held?.unrealisedPnl(price)).toEqual(portfolio.totalPnl(held?.marketValue(price) ?? usd(0)));
    }
  });

  test('commission is counted once in every total', () => {
    const start = anyFundedPortfolio(1000);
    const { portfolio, held, closed } = traded(start, ['BUY', 10, 100, 3], ['SELL', 4, 100, 2]);
    expect(held?.commission.amount).toBe('5');
    expect(held?.totalPnl(Price.of(100)).amount).toBe('-5');
    expect(portfolio.totalPnl(usd(600)).amount).toBe('-5');
    expect(portfolio.cash.amount).toBe('395');
    expect([portfolio.commissions.amount, portfolio.realisedPnl.amount]).toEqual(['5', '0']);
    expect(closed).toEqual([]);
    const flat = traded(start, ['BUY', 10, 100, 3], ['SELL', 10, 100, 2]);
    expect([flat.closed[0]?.totalPnl().amount, flat.portfolio.grossLoss.amount, flat.portfolio.cash.amount]).toEqual([
      '-5',
      '-5',
      '995',
    ]);
  });

  test('commission is counted once when a position is added to', () => {
    const { portfolio, held } = traded(anyFundedPortfolio(1000), ['BUY', 1, 100, 3], ['BUY', 1, 100, 4]);
    expect([held?.commission.amount, portfolio.commissions.amount, portfolio.cash.amount]).toEqual(['7', '7', '793']);
  });

  test('commission is counted once when a fill crosses zero', () => {
    const { portfolio, held, closed } = traded(anyFundedPortfolio(1000), ['BUY', 1, 100, 1], ['SELL', 3, 100, 3]);
    expect([closed[0]?.commission.amount, held?.commission.amount, portfolio.commissions.amount]).toEqual([
      '2',
      '2',
      '4',
    ]);
  });

  test('reducing by a negative quantity cannot enlarge the position', () => {
    expect(() => anyReport({ quantity: Quantity.positive('-5') })).toThrow(refusal('MUST_BE_POSITIVE'));
    expect(() =>
      Execution.record(anyReport({ side: 'SELL', quantity: Quantity.of(-5) }), { sequence: 1, recordedAt: at }),
    ).toThrow(refusal('MUST_BE_POSITIVE'));
    const fill = { quantity: Quantity.of(5), notional: usd(-500), commission: usd(0), price: Price.of(100), at };
    expect(() => anyPosition().apply(fill)).toThrow(refusal('INVALID_POSITION'));
  });

  test('withdrawing a negative amount cannot enlarge the cash', () => {
    const portfolio = anyFundedPortfolio(1000);
    const movement = { ...anyMovementOf(portfolio), kind: 'WITHDRAWAL' as const, amount: usd(-500) };
    expect(() => portfolio.move(movement)).toThrow(refusal('MUST_BE_POSITIVE'));
  });

  test('a fill can cross zero', () => {
    const { portfolio, held, closed } = traded(anyFundedPortfolio(1000), ['BUY', 10, 100], ['SELL', 15, 110]);
    expect(closed).toMatchObject([{ isOpen: false }]);
    expect([held?.quantity.toString(), held?.averagePrice?.toString()]).toEqual(['-5', '110']);
    expect([portfolio.realisedPnl.amount, portfolio.cash.amount]).toEqual(['100', '1650']);
  });

  test('a closed position is not restored as an open one, nor the reverse', () => {
    expect(() => Position.restore({ ...anyPosition(), closedAt: at })).toThrow(refusal('INVALID_POSITION'));
  });
});

describe('numbers', () => {
  test('10^10 does not overflow, and 0.00000000023 does not become 0', () => {
    const { portfolio, held } = traded(anyFundedPortfolio('10000000000'), ['BUY', '10000000000', '0.00000000023']);
    expect(held?.quantity.toString()).toBe('10000000000');
    expect(held?.averagePrice?.toString()).toBe('0.00000000023');
    expect(portfolio.cash.amount).toBe('9999999997.7');
  });
});

type Trade = readonly [side: OrderSide, quantity: string | number, price: string | number, commission?: number];

/** What becomes of a portfolio and its position in one symbol. */
function traded(start: Portfolio, ...trades: readonly Trade[]) {
  let portfolio = start;
  let held: Position | undefined;
  const closed: Position[] = [];
  for (const [side, quantity, price, commission = 0] of trades) {
    const given: Partial<ExecutionState> = {
      quantity: Quantity.of(quantity),
      price: Price.of(price),
      commission: usd(commission),
      sequence: portfolio.nextSequence,
    };
    const execution = anyExecutionOf(anyOrder({ portfolioId: portfolio.id, side }), given);
    const change = applyExecution(held, execution);
    portfolio = portfolio.record(execution, change);
    held = change.open;
    if (change.closed) closed.push(change.closed);
  }
  return { portfolio, held, closed };
}
