import {
  BrokerOrderId,
  Money,
  Order,
  Portfolio,
  Position,
  Price,
  Quantity,
  ratio,
  StrategyName,
  Timestamp,
} from '@blotter/domain';
import { anyNewOrder, anyPortfolio, anyPosition } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';

const usd = (amount: string) => Money.of(amount, 'USD');
const at = (second: number) => Timestamp.of(`2026-01-05T15:00:0${second}.654321Z`);

let book: TestBook;
let portfolio: Portfolio;

beforeAll(async () => {
  book = await openTestBook();
  portfolio = await book.blotter.transactions.execute((unit) => Promise.resolve(unit.portfolios.save(anyPortfolio())));
});
afterAll(() => book.drop());

// An update names its columns one by one. The figures of a real course leave many of them as they are, so here each
// of them changes; a field that is in neither list is one that somebody forgot.

test('an update of an order stores every field that its life can change', async () => {
  const order = await save(Order.create(anyNewOrder({ portfolioId: portfolio.id, quantity: Quantity.of(10) })));
  const partly = await save(
    Order.restore({
      ...order,
      status: 'CANCELLED',
      brokerOrderId: BrokerOrderId.of('B-1'),
      tags: { changed: 'once' },
      filledQuantity: Quantity.of(4),
      filledNotional: usd('400.000000000000000001'),
      commission: usd('-0.5'),
      reason: 'no longer wanted',
      submittedAt: at(1),
      closedAt: at(2),
    }),
  );
  const filled = await save(
    Order.restore({
      ...partly,
      status: 'FILLED',
      filledQuantity: Quantity.of(11),
      filledNotional: usd('1100'),
      reason: undefined,
      filledAt: at(3),
      closedAt: undefined,
    }),
  );

  expect(changesBetween(order, partly, filled)).toEqual(
    without(
      order,
      'id portfolioId clientOrderId symbol side quantity terms timeInForce multiplier currency strategy createdAt',
    ),
  );

  async function save(changed: Order): Promise<Order> {
    const saved = await book.blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(changed)));
    expect(await book.database.read.orders.get(changed.id)).toEqual(saved);
    return saved;
  }
});

test('an update of a position stores every field that its life can change', async () => {
  const position = await save(anyPosition({ portfolioId: portfolio.id }));
  const reduced = await save(
    Position.restore({
      ...position,
      quantity: Quantity.of('-2.5'),
      costBasis: usd('-250.000000000000000001'),
      realisedPnl: usd('-17'),
      commission: usd('3'),
      invested: usd('2000'),
      maxValue: usd('1500'),
      stopLoss: Price.of('110.5'),
      takeProfit: Price.of('80.25'),
      strategy: StrategyName.of('carry'),
      tags: { changed: 'once' },
    }),
  );
  const closed = await save(
    Position.restore({ ...reduced, quantity: Quantity.zero, costBasis: usd('0'), closedAt: at(4) }),
  );

  expect(changesBetween(position, reduced, closed)).toEqual(
    without(position, 'id portfolioId symbol currency multiplier openedAt'),
  );

  async function save(changed: Position): Promise<Position> {
    const saved = await book.blotter.transactions.execute((unit) => Promise.resolve(unit.positions.save(changed)));
    expect(await book.database.read.positions.get(changed.id)).toEqual(saved);
    return saved;
  }
});

test('an update of a portfolio stores every field that its life can change', async () => {
  const before = await save(anyPortfolio());
  const after = await save(
    Portfolio.restore({
      ...before,
      tags: { changed: 'once' },
      limits: {
        maxPositionValue: usd('1000.5'),
        maxOpenPositions: 3,
        maxLeverage: ratio('1.5', 'leverage'),
        maxRiskPerOrder: ratio('0.02', 'risk'),
      },
      cash: usd('-1.000000000000000001'),
      deposits: usd('2'),
      withdrawals: usd('3'),
      realisedPnl: usd('-4'),
      commissions: usd('5'),
      tradeCount: 6,
      winCount: 2,
      lossCount: 3,
      grossProfit: usd('7'),
      grossLoss: usd('-8'),
      lastSequence: 9,
    }),
  );

  expect(changesBetween(before, after)).toEqual(without(before, 'id name currency strategy openedAt'));
  expect(await save(after.withLimits({}))).toMatchObject({ limits: before.limits });

  async function save(changed: Portfolio): Promise<Portfolio> {
    const saved = await book.blotter.transactions.execute((unit) => Promise.resolve(unit.portfolios.save(changed)));
    expect(await book.database.read.portfolios.get(changed.id)).toEqual(saved);
    return saved;
  }
});

/** The names of the fields that are not the same in all of these states. */
function changesBetween<State extends object>(first: State, ...others: readonly State[]): string[] {
  const shown = (state: State, name: string) => JSON.stringify(Object.entries(state).find(([key]) => key === name));
  return Object.keys(first)
    .filter((name) => others.some((other) => shown(other, name) !== shown(first, name)))
    .sort();
}

function without(state: object, fixed: string): string[] {
  return Object.keys(state)
    .filter((name) => !fixed.split(' ').includes(name))
    .sort();
}
