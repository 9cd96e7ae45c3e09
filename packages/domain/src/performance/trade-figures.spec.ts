import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CurrencyMismatchError } from '../errors.js';
import type { Portfolio } from '../portfolios/portfolio.js';
import { Currency, Money } from '../values/index.js';
import {
  averageLoss,
  averageWin,
  expectancy,
  profitFactor,
  tradeTotals,
  winRate,
  type ClosedTrade,
  type TradeTotals,
} from './index.js';

const usd = Currency.of('USD');
const tradesOf = (...pnls: string[]): ClosedTrade[] => pnls.map((pnl) => ({ netPnl: Money.of(pnl, usd) }));
const totalsOf = (...pnls: string[]) => tradeTotals(tradesOf(...pnls), usd);
const none = totalsOf();

// Won 30 and 20, lost 10 and 15, one at zero.
const five = totalsOf('30', '-10', '0', '20', '-15');

describe('trade totals', () => {
  it('count wins and losses and add up each side', () => {
    expect(five).toEqual({
      tradeCount: 5,
      winCount: 2,
      lossCount: 2,
      grossProfit: Money.of(50, usd),
      grossLoss: Money.of(-25, usd),
    });
  });

  it('are zero of no trades', () => {
    expect(none).toEqual({
      tradeCount: 0,
      winCount: 0,
      lossCount: 0,
      grossProfit: Money.zero(usd),
      grossLoss: Money.zero(usd),
    });
  });

  it('refuse a trade in another currency, one that broke even too', () => {
    expect(() => tradeTotals([{ netPnl: Money.of(0, 'EUR') }], usd)).toThrow(CurrencyMismatchError);
  });
});

describe('figures over trades', () => {
  it('take a portfolio for its totals', () => {
    const asTotals = (portfolio: Portfolio): TradeTotals => portfolio;
    expect(asTotals).toBeDefined();
  });

  it('give the share of trades won, those that broke even among all', () => {
    // 2 of 5
    expect(String(winRate(five))).toBe('0.4');
  });

  it('give the average win', () => {
    // (30 + 20) / 2
    expect(String(averageWin(five))).toBe('25 USD');
  });

  it('give the average loss as an amount below zero', () => {
    // (−10 − 15) / 2
    expect(String(averageLoss(five))).toBe('-12.5 USD');
  });

  it('give the profit factor', () => {
    // 50 / 25
    expect(String(profitFactor(five))).toBe('2');
  });

  it('give what a trade made on average', () => {
    // (50 − 25) / 5
    expect(String(expectancy(five))).toBe('5 USD');
  });

  it('round an average once, half to even, to 18 decimals', () => {
    expect(averageWin(totalsOf('1', '1', '0.000000000000000001'))?.amount).toBe('0.666666666666666667');
    expect(averageWin(totalsOf('0.000000000000000001', '0.000000000000000002'))?.amount).toBe('0.000000000000000002');
  });

  it('are undefined without trades', () => {
    for (const of of [winRate, averageWin, averageLoss, profitFactor, expectancy]) expect(of(none)).toBeUndefined();
  });

  it('have no average win when none was won', () => {
    expect(averageWin(totalsOf('-1', '0'))).toBeUndefined();
  });

  it('have no average loss and no profit factor when none was lost', () => {
    expect(averageLoss(totalsOf('1', '0'))).toBeUndefined();
    expect(profitFactor(totalsOf('1', '0'))).toBeUndefined();
  });

  it('have a win rate and a profit factor of zero when all were lost, for these are defined', () => {
    expect(String(winRate(totalsOf('-1')))).toBe('0');
    expect(String(profitFactor(totalsOf('-1')))).toBe('0');
  });

  const pnls = fc.array(
    fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map((units) => Money.ofUnits(units, usd)),
    { maxLength: 30 },
  );

  it('keep the profit factor the quotient of the two sides', () => {
    fc.assert(
      fc.property(pnls, (amounts) => {
        const totals = tradeTotals(
          amounts.map((netPnl) => ({ netPnl })),
          usd,
        );
        const factor = profitFactor(totals);
        expect(factor === undefined).toBe(totals.lossCount === 0);
        if (factor === undefined) return;
        const back = factor.times(totals.grossLoss.toDecimal()).plus(totals.grossProfit.toDecimal()).absoluteValue();
        expect(back.lessThanOrEqualTo(totals.grossProfit.toDecimal().times('1e-33'))).toBe(true);
        expect(factor.comparedTo(1)).toBe(totals.grossProfit.compare(totals.grossLoss.negated()));
      }),
    );
  });

  it('keep gross profit and gross loss together the sum of all trades', () => {
    fc.assert(
      fc.property(pnls, (amounts) => {
        const { tradeCount, winCount, lossCount, grossProfit, grossLoss } = tradeTotals(
          amounts.map((netPnl) => ({ netPnl })),
          usd,
        );
        const sum = amounts.reduce((total, amount) => total.plus(amount), Money.zero(usd));
        expect(grossProfit.plus(grossLoss).equals(sum)).toBe(true);
        expect(tradeCount - winCount - lossCount).toBe(amounts.filter((amount) => amount.isZero).length);
      }),
    );
  });
});

describe('totals that no trades can have', () => {
  const one = { tradeCount: 1, winCount: 1, lossCount: 0, grossProfit: Money.of(1, usd), grossLoss: Money.zero(usd) };

  it.each<[string, Partial<TradeTotals>, string]>([
    ['a negative count', { lossCount: -1 }, 'INVALID_PORTFOLIO'],
    ['half a trade', { tradeCount: 1.5 }, 'INVALID_PORTFOLIO'],
    ['more wins than trades', { winCount: 2 }, 'INVALID_PORTFOLIO'],
    ['a profit that no trade made', { winCount: 0 }, 'INVALID_PORTFOLIO'],
    ['a win without a profit', { grossProfit: Money.zero(usd) }, 'INVALID_PORTFOLIO'],
    ['a loss that no trade made', { grossLoss: Money.of(-1, usd) }, 'INVALID_PORTFOLIO'],
    ['a gross loss above zero', { tradeCount: 2, lossCount: 1, grossLoss: Money.of(1, usd) }, 'INVALID_PORTFOLIO'],
    ['a gross profit below zero', { grossProfit: Money.of(-1, usd) }, 'INVALID_PORTFOLIO'],
    ['two currencies', { grossLoss: Money.of(0, 'EUR') }, 'CURRENCY_MISMATCH'],
  ])('are refused: %s', (_case, change, code) => {
    for (const of of [winRate, averageWin, averageLoss, profitFactor, expectancy]) {
      expect(() => of({ ...one, ...change })).toThrow(expect.objectContaining({ code }));
    }
  });
});
