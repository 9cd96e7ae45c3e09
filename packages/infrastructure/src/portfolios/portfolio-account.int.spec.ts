import { everyItem } from '@blotter/application';
import {
  averageLoss,
  averageWin,
  marketValueOf,
  maximumDrawdown,
  Money,
  Multiplier,
  OrderTerms,
  performanceSummary,
  Price,
  profitFactor,
  Quantity,
  ratio,
  sharpeRatio,
  snapshotEquity,
  StrategyName,
  Ticker,
  Timestamp,
  winRate,
  type EquityPoint,
  type PortfolioLimits,
} from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

const usd = (amount: string) => Money.of(amount, 'USD');
const texts = (...values: readonly unknown[]) => values.map(String);

/** A portfolio that has won a trade, lost one, and holds a third. */
async function traded(): Promise<Trader> {
  const trader = await Trader.open(book, { strategy: StrategyName.of('trend'), tags: { desk: 'equities' } });
  await trader.withdraw('1000');
  await trader.trade({ commission: '1' });
  await trader.trade({ side: 'SELL', price: '120', commission: '1' });
  await trader.trade({ side: 'SELL', symbol: 'MSFT', price: '50', commission: '1' });
  await trader.trade({ symbol: 'MSFT', price: '55', commission: '1' });
  await trader.trade({ symbol: 'BTC-USD', quantity: '2' });
  await trader.mark('110', '2026-01-05T15:00:00Z', 'BTC-USD');
  return trader;
}

describe('a portfolio in the database', () => {
  test('keeps its capital, its cash and what its positions are worth at the marks', async () => {
    const { portfolioId } = await traded();
    const { portfolio, positions } = await book.database.read.portfolios.getWithPositions(portfolioId);
    const value = marketValueOf(portfolio, positions);

    expect(texts(portfolio.deposits, portfolio.withdrawals, portfolio.capital)).toEqual([
      '10000 USD',
      '1000 USD',
      '9000 USD',
    ]);
    // 9,000 + 198 − 52 − 200 for what is held.
    expect(texts(portfolio.cash, value, portfolio.equity(value))).toEqual(['8946 USD', '220 USD', '9166 USD']);
    expect(texts(portfolio.realisedPnl, portfolio.commissions)).toEqual(['150 USD', '4 USD']);
    expect(texts(portfolio.unrealisedPnl(value), portfolio.totalPnl(value))).toEqual(['20 USD', '166 USD']);
    expect(portfolio.returnRatio(value)?.toString()).toBe('0.0166');
    expect(positions.map(({ position }) => position.symbol)).toEqual(['BTC-USD']);
  });

  test('keeps the counts and sums of its trades, its strategy, its tags and its version', async () => {
    const portfolio = await (await traded()).portfolio();

    expect(portfolio).toMatchObject({ tradeCount: 2, winCount: 1, lossCount: 1 });
    expect(texts(portfolio.grossProfit, portfolio.grossLoss)).toEqual(['198 USD', '-52 USD']);
    expect(winRate(portfolio)?.toString()).toBe('0.5');
    expect(texts(averageWin(portfolio), averageLoss(portfolio))).toEqual(['198 USD', '-52 USD']);
    expect(profitFactor(portfolio)?.toFixed(6)).toBe('3.807692');
    // Opened, two movements of cash, five fills.
    expect(portfolio).toMatchObject({ strategy: 'trend', tags: { desk: 'equities' }, version: 8 });
  });

  test('has its Sharpe ratio and its drawdown from the snapshots that were stored', async () => {
    const trader = await Trader.open(book, {}, '1000');
    await trader.trade({ symbol: 'ETF' });
    // Returns of 0.1, −0.1 and 0.1.
    for (const [day, price] of ['100', '110', '99', '108.9'].entries()) {
      await trader.mark(price, `2026-02-0${day + 1}T20:00:00Z`, 'ETF');
      await trader.snapshot(`2026-02-0${day + 1}T21:00:00Z`);
    }
    const [from, to] = [Timestamp.of('2026-02-01'), Timestamp.of('2026-03-01')];
    const series: EquityPoint[] = [];
    const history = everyItem((page) => book.database.read.snapshots.listBetween(trader.portfolioId, from, to, page));
    for await (const snapshot of history) series.push({ at: snapshot.takenAt, equity: snapshotEquity(snapshot) });

    // Mean 1/30, deviation √3/15, four periods a year: 1/√3.
    expect(sharpeRatio(series, { periodsPerYear: 4 })?.toFixed(15)).toBe('0.577350269189626');
    const { depth, peakAt, troughAt, recoveredAt } = maximumDrawdown(series) ?? {};
    expect([depth?.toString(), peakAt, troughAt, recoveredAt]).toEqual([
      '0.1',
      Timestamp.of('2026-02-02T21:00:00Z'),
      Timestamp.of('2026-02-03T21:00:00Z'),
      undefined,
    ]);
    const summary = performanceSummary({ series, totals: await trader.portfolio(), periodsPerYear: 4 });
    expect([summary.totalReturn?.toString(), summary.winRate, summary.profitFactor]).toEqual([
      '0.089',
      undefined,
      undefined,
    ]);
  });
});

describe('the limits of a portfolio in the database', () => {
  /** Limits that let 20 at 100 pass, of 10,000, and not 21; with the stop that the order brings. */
  const LIMITS: readonly (readonly [string, PortfolioLimits, string | undefined])[] = [
    ['the size of a position', { maxPositionValue: usd('2000') }, undefined],
    ['leverage', { maxLeverage: ratio('0.2', 'leverage') }, undefined],
    ['risk, without a stop', { maxRiskPerOrder: ratio('0.2', 'risk') }, undefined],
    ['risk, at a stop', { maxRiskPerOrder: ratio('0.01', 'risk') }, '95'],
  ];

  test.each(LIMITS)('say by %s what can be opened, and refuse the order that cannot', async (_, limits, stopLoss) => {
    const trader = await Trader.open(book, { limits });
    const portfolio = await trader.portfolio();
    const order = (quantity: number) => ({
      symbol: Ticker.of('AAPL'),
      side: 'BUY' as const,
      quantity: Quantity.of(quantity),
      multiplier: Multiplier.one,
      stopLoss: stopLoss === undefined ? undefined : Price.of(stopLoss),
    });
    const price = Price.of(100);
    const terms = OrderTerms.limit(price);

    expect(portfolio.canOpen({ ...order(21), price }, portfolio.cash, [])).toBe(false);
    await expect(trader.place({ ...order(21), terms })).rejects.toMatchObject({
      code: 'LIMIT_BREACHED',
      limits: Object.keys(limits),
    });
    expect(portfolio.canOpen({ ...order(20), price }, portfolio.cash, [])).toBe(true);
    await trader.place({ ...order(20), terms });
  });

  test('say by the count of positions what can be opened, and refuse the order that cannot', async () => {
    const trader = await Trader.open(book, { limits: { maxOpenPositions: 1 } });
    await trader.trade({ symbol: 'MSFT', order: { terms: OrderTerms.limit(Price.of(100)) } });
    const { portfolio, positions } = await book.database.read.portfolios.getWithPositions(trader.portfolioId);
    const [price, quantity] = [Price.of(100), Quantity.of(1)];
    const exposures = positions.map(({ position }) => ({
      symbol: position.symbol,
      multiplier: position.multiplier,
      price,
      held: position.quantity,
      buying: [],
      selling: [],
    }));
    const proposal = { side: 'BUY' as const, quantity, multiplier: Multiplier.one, price };

    expect(portfolio.canOpen({ ...proposal, symbol: Ticker.of('AAPL') }, portfolio.capital, exposures)).toBe(false);
    expect(portfolio.canOpen({ ...proposal, symbol: Ticker.of('MSFT') }, portfolio.capital, exposures)).toBe(true);
    const terms = OrderTerms.limit(price);
    await expect(trader.place({ terms, quantity })).rejects.toMatchObject({ limits: ['maxOpenPositions'] });
    await trader.place({ terms, quantity, symbol: Ticker.of('MSFT') });
  });
});
