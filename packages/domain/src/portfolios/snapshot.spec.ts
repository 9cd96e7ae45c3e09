import { describe, expect, test } from 'vitest';
import { anyFundedPortfolio, anyMark, anyPosition, anyUuid } from '../testing/index.js';
import { Money, Price, Quantity, SnapshotId, Ticker, Timestamp } from '../values/index.js';
import { marketValueOf, snapshotEquity, snapshotOf } from './index.js';

const usd = (amount: string | number) => Money.of(amount, 'USD');
const id = SnapshotId.of(anyUuid());
const takenAt = Timestamp.of('2026-01-05T21:00:00Z');
const portfolio = anyFundedPortfolio(5000);
const long = anyPosition({ portfolioId: portfolio.id });
const MSFT = Ticker.of('MSFT');
const short = anyPosition({ portfolioId: portfolio.id, symbol: MSFT, quantity: Quantity.of(-3), costBasis: usd(-600) });
const positions = [
  { position: long, mark: anyMark({ price: Price.of(110) }) },
  { position: short, mark: undefined },
];

describe('a snapshot', () => {
  const snapshot = snapshotOf(id, takenAt, portfolio, positions);

  test('says what the portfolio was', () => {
    expect(snapshot).toMatchObject({ id, takenAt, portfolioId: portfolio.id, sequence: 1, openPositions: 2 });
    expect([snapshot.cash.amount, snapshot.deposits.amount, snapshot.withdrawals.amount]).toEqual([
      '5000',
      '5000',
      '0',
    ]);
    expect([snapshot.realisedPnl.amount, snapshot.commissions.amount]).toEqual(['0', '0']);
  });

  test('values each position at its mark, and at its cost where it has none, and says how many those are', () => {
    expect([snapshot.costBasis.amount, snapshot.marketValue.amount]).toEqual(['400', '500']);
    expect(snapshot.unmarkedPositions).toBe(1);
    expect(marketValueOf(portfolio, positions)).toEqual(snapshot.marketValue);
  });

  test('keeps the marks that it was valued at, and none where there was none', () => {
    expect(snapshot.marks).toEqual({ AAPL: Price.of(110) });
  });

  test('has the portfolio’s equity', () => {
    expect(snapshotEquity(snapshot)).toEqual(portfolio.equity(usd(500)));
  });

  test('of a portfolio without positions is its cash', () => {
    const empty = snapshotOf(id, takenAt, portfolio, []);
    expect([snapshotEquity(empty).amount, empty.openPositions, empty.unmarkedPositions]).toEqual(['5000', 0, 0]);
    expect(empty.marks).toEqual({});
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(snapshot)).toBe(true);
    expect(Object.isFrozen(snapshot.marks)).toBe(true);
  });

  test('takes no position of another portfolio, and no mark of another symbol', () => {
    const wrong = [
      { position: anyPosition(), mark: undefined },
      { position: long, mark: anyMark({ symbol: MSFT }) },
    ];
    for (const marked of wrong) {
      expect(() => snapshotOf(id, takenAt, portfolio, [marked])).toThrow(
        expect.objectContaining({ code: 'INVALID_PORTFOLIO', id: portfolio.id }),
      );
    }
  });
});
