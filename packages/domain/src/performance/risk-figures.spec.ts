import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Currency, Decimal, Money, Timestamp } from '../values/index.js';
import {
  annualisedReturn,
  calmarRatio,
  maximumDrawdown,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
  volatility,
  type EquitySeries,
} from './index.js';

const usd = Currency.of('USD');
const day = (n: number) => Timestamp.of(new Date(Date.UTC(2026, 0, 1 + n)));
const seriesOf = (...equities: (string | bigint)[]): EquitySeries =>
  equities.map((equity, n) => ({ at: day(n), equity: Money.of(equity, usd) }));

/** A series with these returns, in per cent: exact as long as it stays within 18 decimals, rounded there beyond. */
function seriesOfReturns(...percents: string[]): EquitySeries {
  let equity = new Decimal(1_000_000_000);
  const equities = percents.map((percent) => {
    equity = equity.times(new Decimal(percent).dividedBy(100).plus(1)).toDecimalPlaces(18);
    return equity.toFixed();
  });
  return seriesOf('1000000000', ...equities);
}

// Returns 0.1, −0.1, 0.2. Mean 1/15; deviations from it 1/30, −5/30, 4/30, whose squares sum to 42/900;
// sample variance 21/900, sample deviation √21/30. √(periods per year) is 2 in a year of quarters.
const threeQuarters = seriesOf('100', '110', '99', '118.8');
const quarters = { periodsPerYear: 4 };
const flat = seriesOf('100', '100', '100');

describe('volatility', () => {
  it('is the deviation of a sample times the root of the periods', () => {
    // √21/30 × 2 = √21/15
    expect(String(volatility(threeQuarters, quarters))).toBe('0.3055050463303893337725364795818672');
  });

  it('is zero for a series that does not move', () => {
    expect(String(volatility(flat, quarters))).toBe('0');
  });

  it('is zero to the last digit for equal returns that no decimal can write', () => {
    // 27, 36, 48 …: a third every time.
    const thirds = Array.from({ length: 20 }, (_, n) => 4n ** BigInt(n) * 3n ** BigInt(19 - n));
    expect(String(volatility(seriesOf(...thirds), quarters))).toBe('0');
    expect(sharpeRatio(seriesOf(...thirds), quarters)).toBeUndefined();
  });

  it('is undefined for one return, of which there is no deviation', () => {
    expect(volatility(seriesOf('100', '110'), quarters)).toBeUndefined();
  });

  it('is undefined where there are no returns', () => {
    expect(volatility(seriesOf('100'), quarters)).toBeUndefined();
    expect(volatility(seriesOf('100', '-1', '100'), quarters)).toBeUndefined();
  });
});

describe('the Sharpe ratio', () => {
  it('is the mean over the deviation, annualised', () => {
    // (1/15) / (√21/30) × 2 = 4/√21
    expect(sharpeRatio(threeQuarters, quarters)?.toFixed(30)).toBe('0.872871560943969525064389941662');
  });

  it('takes the risk-free rate of a period from the mean', () => {
    // 0.08 a year is 0.02 a quarter; (1/15 − 1/50) / (√21/30) × 2 = 2.8/√21
    const ratio = sharpeRatio(threeQuarters, { ...quarters, riskFreeRate: '0.08' });
    expect(ratio?.toFixed(30)).toBe('0.611010092660778667545072959164');
  });

  it('is below zero when the mean is below the risk-free rate', () => {
    expect(sharpeRatio(threeQuarters, { ...quarters, riskFreeRate: 1 })?.isNegative()).toBe(true);
  });

  it('is undefined when the returns do not vary', () => {
    expect(sharpeRatio(flat, quarters)).toBeUndefined();
    expect(sharpeRatio(seriesOf('100', '110', '121'), quarters)).toBeUndefined();
  });

  it('is undefined for fewer than two returns', () => {
    expect(sharpeRatio([], quarters)).toBeUndefined();
    expect(sharpeRatio(seriesOf('100', '110'), quarters)).toBeUndefined();
  });

  it('refuses a rate that is a float', () => {
    expect(() => sharpeRatio(threeQuarters, { ...quarters, riskFreeRate: 0.02 })).toThrow(
      expect.objectContaining({ code: 'FLOAT_REFUSED' }),
    );
  });
});

describe('the Sortino ratio', () => {
  it('divides by the downside deviation over all periods', () => {
    // One shortfall of 0.1 in three: √(0.01/3) = 0.1/√3; (1/15) / (0.1/√3) × 2 = (4/3)√3
    expect(sortinoRatio(threeQuarters, quarters)?.toFixed(30)).toBe('2.309401076758503058036595122008');
  });

  it('counts shortfalls from the minimum acceptable return', () => {
    // 0.4 a year is 0.1 a quarter; only −0.1 is below it, by 0.2: √(0.04/3) = 0.2/√3; (1/15 − 1/10) / (0.2/√3) × 2 = −√3/3
    const ratio = sortinoRatio(threeQuarters, { ...quarters, minimumAcceptableReturn: '0.4' });
    expect(ratio?.toFixed(30)).toBe('-0.577350269189625764509148780502');
  });

  it('is undefined when no return is below the minimum', () => {
    expect(sortinoRatio(seriesOf('100', '110', '115'), quarters)).toBeUndefined();
    expect(sortinoRatio(flat, quarters)).toBeUndefined();
  });

  it('is undefined where there are no returns', () => {
    expect(sortinoRatio(seriesOf('100'), quarters)).toBeUndefined();
  });
});

describe('the Calmar ratio', () => {
  it('is the annualised return over the maximum drawdown', () => {
    // Four quarters from 100 to 120 are 0.2 a year; the fall from 125 to 100 is 0.2 of the peak.
    expect(String(calmarRatio(seriesOf('100', '125', '100', '110', '120'), quarters))).toBe('1');
  });

  it('is undefined when nothing was ever lost', () => {
    expect(calmarRatio(seriesOf('100', '110', '121'), quarters)).toBeUndefined();
  });

  it('is undefined where there are no returns', () => {
    expect(calmarRatio(seriesOf('100'), quarters)).toBeUndefined();
  });
});

describe('published examples', () => {
  it('agrees with "Sortino: A Sharper Ratio" (Rollinger and Hoffman, Red Rock Capital, 2013)', () => {
    // Annual returns with mean 10 % and target downside deviation 2.264 %, target 0 %: 4.417.
    const series = seriesOfReturns('17', '15', '23', '-5', '12', '9', '13', '-4');
    expect(sortinoRatio(series, { periodsPerYear: 1 })?.toFixed(3)).toBe('4.417');
  });

  it('agrees with the monthly example of Bacon 2008 on the downside deviation', () => {
    // The data set portfolio_bacon of R's PerformanceAnalytics, whose manual expects DownsideDeviation(MAR = 0.005) = 0.0255.
    const returns =
      '0.3 2.6 1.1 -1 1.5 2.5 1.6 6.7 -1.4 4 -0.5 8.1 4 -3.7 -6.1 1.7 -4.9 -2.2 7 5.8 -6.5 2.4 -0.5 -0.9'.split(' ');
    const mean = returns.reduce((sum, value) => sum.plus(value), new Decimal(0)).dividedBy(24 * 100);
    const sortino = sortinoRatio(seriesOfReturns(...returns), { periodsPerYear: 12, minimumAcceptableReturn: '0.06' });
    const deviation = sortino && mean.minus('0.005').times(new Decimal(12).squareRoot()).dividedBy(sortino);
    expect(deviation?.toFixed(4)).toBe('0.0255');
  });

  it('agrees with the regression values of empyrical, which takes the same definitions', () => {
    // github.com/quantopian/empyrical, tests/test_stats.py: mixed_returns (daily) and monthly_returns, with 252 and 12.
    const daily = seriesOfReturns('1', '10', '-4', '2', '3', '2', '1', '-10');
    const monthly = seriesOfReturns('0', '1', '10', '-4', '2', '3', '2', '1', '-10');
    expect(volatility(daily, { periodsPerYear: 252 })?.toFixed(10)).toBe('0.9136465400');
    expect(sharpeRatio(daily, { periodsPerYear: 252 })?.toFixed(10)).toBe('1.7238613962');
    expect(sortinoRatio(daily, { periodsPerYear: 252 })?.toFixed(10)).toBe('2.6055312517');
    expect(maximumDrawdown(daily)?.depth.toFixed(10)).toBe('0.1000000000');
    expect(annualisedReturn(monthly, { periodsPerYear: 12 })?.toFixed(10)).toBe('0.0522420614');
    expect(calmarRatio(monthly, { periodsPerYear: 12 })?.toFixed(10)).toBe('0.5224206139');
  });
});

describe('all ratios', () => {
  it('are the same, to the last digit, for the same series in another unit', () => {
    const path = fc.array(fc.bigInt({ min: 1n, max: 10n ** 20n }), { minLength: 2, maxLength: 15 });
    const figures = (series: EquitySeries) =>
      [
        totalReturn(series),
        annualisedReturn(series, quarters),
        volatility(series, quarters),
        sharpeRatio(series, quarters),
        sortinoRatio(series, quarters),
        calmarRatio(series, quarters),
        maximumDrawdown(series)?.depth,
      ].map(String);
    const scaled = (units: readonly bigint[], factor: bigint) =>
      units.map((unit, n) => ({ at: day(n), equity: Money.ofUnits(unit * factor, usd) }));
    fc.assert(
      fc.property(path, fc.bigInt({ min: 2n, max: 10n ** 15n }), (units, factor) => {
        expect(figures(scaled(units, factor))).toEqual(figures(scaled(units, 1n)));
      }),
    );
  });
});
