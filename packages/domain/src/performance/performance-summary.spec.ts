import { describe, expect, it } from 'vitest';
import { CurrencyMismatchError } from '../errors.js';
import { Currency, Decimal, Money, Timestamp } from '../values/index.js';
import {
  annualisedReturn,
  calmarRatio,
  maximumDrawdown,
  performanceSummary,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
  tradeTotals,
  volatility,
} from './index.js';

const usd = Currency.of('USD');
const series = ['100', '110', '99', '118.8'].map((equity, n) => ({
  at: Timestamp.of(new Date(Date.UTC(2026, 0, 1 + n))),
  equity: Money.of(equity, usd),
}));
const trades = ['30', '-10', '0', '20', '-15'].map((pnl) => ({ netPnl: Money.of(pnl, usd) }));
const totals = tradeTotals(trades, usd);
const periodsPerYear = 252;

describe('the performance summary', () => {
  it('holds what each function gives alone', () => {
    const riskFreeRate = '0.02';
    expect(performanceSummary({ series, totals, periodsPerYear, riskFreeRate })).toEqual({
      periods: 3,
      totalReturn: totalReturn(series),
      annualisedReturn: annualisedReturn(series, { periodsPerYear }),
      volatility: volatility(series, { periodsPerYear }),
      sharpeRatio: sharpeRatio(series, { periodsPerYear, riskFreeRate }),
      sortinoRatio: sortinoRatio(series, { periodsPerYear, minimumAcceptableReturn: riskFreeRate }),
      maximumDrawdown: maximumDrawdown(series),
      calmarRatio: calmarRatio(series, { periodsPerYear }),
      ...totals,
      winRate: new Decimal('0.4'),
      averageWin: Money.of('25', usd),
      averageLoss: Money.of('-12.5', usd),
      profitFactor: new Decimal(2),
      expectancy: Money.of('5', usd),
    });
  });

  it('is the same from trades and from their totals', () => {
    expect(performanceSummary({ series, trades, currency: usd, periodsPerYear })).toEqual(
      performanceSummary({ series, totals, periodsPerYear }),
    );
  });

  it('takes a minimum acceptable return of its own', () => {
    const summary = performanceSummary({ series, totals, periodsPerYear, minimumAcceptableReturn: '0.1' });
    expect(summary.sortinoRatio).toEqual(sortinoRatio(series, { periodsPerYear, minimumAcceptableReturn: '0.1' }));
  });

  it('leaves undefined what nothing defines, and never makes a number up', () => {
    const summary = performanceSummary({ series: [], trades: [], currency: usd, periodsPerYear });
    expect(Object.entries(summary).filter(([, value]) => value === undefined)).toHaveLength(12);
    expect(summary).toMatchObject({
      periods: 0,
      tradeCount: 0,
      winCount: 0,
      lossCount: 0,
      grossProfit: Money.zero(usd),
    });
  });

  it('refuses a series and trades of two currencies', () => {
    const euros = tradeTotals([], Currency.of('EUR'));
    expect(() => performanceSummary({ series, totals: euros, periodsPerYear })).toThrow(CurrencyMismatchError);
  });

  it('refuses a bad number of periods even where the series has no figures', () => {
    expect(() => performanceSummary({ series: [], totals, periodsPerYear: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_PERIOD' }),
    );
  });

  it('takes ten years of days, with as many digits as there can be', () => {
    const start = Date.UTC(2016, 0, 1);
    const days = Array.from({ length: 2521 }, (_, n) => ({
      at: Timestamp.of(new Date(start + n * 86_400_000)),
      // A path that rises and falls.
      equity: Money.of(`${1_000_000 + n * 100 + ((n * 7919) % 50_000)}.123456789012345678`, usd),
      netFlow: Money.of((n * 31) % 100, usd),
    }));
    const summary = performanceSummary({ series: days, totals, periodsPerYear });
    expect(Object.values(summary)).not.toContain(undefined);
  });
});
