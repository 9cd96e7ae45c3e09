import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CurrencyMismatchError, ValidationError } from '../errors.js';
import { Currency, Money, Timestamp } from '../values/index.js';
import { annualisedReturn, periodReturns, returnIndex, totalReturn, type EquityPoint } from './index.js';

const usd = Currency.of('USD');
const day = (n: number) => Timestamp.of(new Date(Date.UTC(2026, 0, 1 + n)));
const point = (n: number, equity: string, netFlow?: string): EquityPoint => ({
  at: day(n),
  equity: Money.of(equity, usd),
  ...(netFlow === undefined ? {} : { netFlow: Money.of(netFlow, usd) }),
});
const seriesOf = (...equities: string[]) => equities.map((equity, n) => point(n, equity));
const text = (values: readonly { toString(): string }[] | undefined) => values?.map(String);

describe('period returns', () => {
  it('are what each period gained on what it opened with', () => {
    // 110/100 − 1, 99/110 − 1, 118.8/99 − 1
    expect(text(periodReturns(seriesOf('100', '110', '99', '118.8')))).toEqual(['0.1', '-0.1', '0.2']);
  });

  it('have 34 significant digits', () => {
    expect(text(periodReturns(seriesOf('3', '4')))).toEqual([`0.${'3'.repeat(34)}`]);
  });

  it('take a deposit out of the period that ends with it', () => {
    // (160 − 50 − 100) / 100
    expect(text(periodReturns([point(0, '100'), point(1, '160', '50')]))).toEqual(['0.1']);
  });

  it('give a withdrawal back to the period that ends with it', () => {
    // (88 + 80 − 160) / 160
    expect(text(periodReturns([point(0, '160'), point(1, '88', '-80')]))).toEqual(['0.05']);
  });

  it('do not read the flow of the first point', () => {
    expect(text(periodReturns([point(0, '100', '100'), point(1, '110')]))).toEqual(['0.1']);
  });

  it('count the first deposit from the start of its period, as there was nothing else to earn on', () => {
    // (1010 − 1000) / 1000
    expect(text(periodReturns([point(0, '0'), point(1, '1010', '1000')]))).toEqual(['0.01']);
  });

  it('go on after everything was withdrawn and money came back', () => {
    const series = [point(0, '100'), point(1, '0', '-110'), point(2, '50', '50'), point(3, '55')];
    expect(text(periodReturns(series))).toEqual(['0.1', '0', '0.1']);
  });

  it('are minus one when all was lost', () => {
    expect(text(periodReturns(seriesOf('100', '0')))).toEqual(['-1']);
  });

  it.each([
    ['of no point', []],
    ['of one point', seriesOf('100')],
    ['of a period that opens with nothing and gets nothing', seriesOf('0', '0')],
    ['of a period that opens with a debt', seriesOf('100', '-1', '10')],
    ['of a period that opens with nothing and is withdrawn from', [point(0, '0'), point(1, '-5', '-5')]],
    ['of a period that lost more than everything', seriesOf('100', '-20')],
    ['of a loss of more than everything that a deposit covers', [point(0, '100'), point(1, '30', '50')]],
  ])('are undefined %s', (_case, series) => {
    expect(periodReturns(series)).toBeUndefined();
    expect(returnIndex(series)).toBeUndefined();
    expect(totalReturn(series)).toBeUndefined();
    expect(annualisedReturn(series, { periodsPerYear: 252 })).toBeUndefined();
  });

  it.each([
    ['backwards', [point(1, '100'), point(0, '110')]],
    ['two at one moment', [point(1, '100'), point(1, '110')]],
  ])('refuse points out of time order: %s', (_case, series) => {
    expect(() => periodReturns(series)).toThrow(ValidationError);
    expect(() => periodReturns(series)).toThrow(expect.objectContaining({ code: 'INVALID_PERIOD' }));
  });

  it('refuse equity of two currencies', () => {
    const series = [point(0, '100'), { at: day(1), equity: Money.of('100', 'EUR') }];
    expect(() => periodReturns(series)).toThrow(CurrencyMismatchError);
  });

  it('refuse a flow of another currency', () => {
    const series = [point(0, '100'), { ...point(1, '100'), netFlow: Money.of('1', 'EUR') }];
    expect(() => periodReturns(series)).toThrow(CurrencyMismatchError);
  });

  it('tell no amount in an error', () => {
    const message = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        return String(error);
      }
      throw new Error('nothing was refused');
    };
    const foreign = { at: day(2), equity: Money.of('98765', 'EUR') };
    expect(message(() => periodReturns([point(1, '98765'), point(0, '98765')]))).not.toContain('98765');
    expect(message(() => periodReturns([point(1, '98765'), foreign]))).not.toContain('98765');
  });
});

describe('the time-weighted index and the total return', () => {
  it('link the periods geometrically', () => {
    // 1.1 × 0.9 × 1.2 = 1.188
    expect(text(returnIndex(seriesOf('100', '110', '99', '118.8'))?.map(({ value }) => value))).toEqual([
      '1',
      '1.1',
      '0.99',
      '1.188',
    ]);
    expect(String(totalReturn(seriesOf('100', '110', '99', '118.8')))).toBe('0.188');
  });

  it('link across deposits and withdrawals', () => {
    // (160 − 50) / 100 = 1.1 and (88 + 80) / 160 = 1.05; 1.1 × 1.05 − 1 = 0.155
    expect(String(totalReturn([point(0, '100'), point(1, '160', '50'), point(2, '88', '-80')]))).toBe('0.155');
  });

  it('stay lost once all was lost, whatever is paid in afterwards', () => {
    expect(String(totalReturn([point(0, '100'), point(1, '0'), point(2, '50', '50'), point(3, '100')]))).toBe('-1');
  });

  it('are not moved by deposits and withdrawals alone', () => {
    const flows = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), flows, (first, equities) => {
        // Any path of equities, every step of it made by a flow. An empty account stays out: it has nothing to earn on.
        const path = [first, ...equities.map((units) => units + 1n)];
        const series = path.map((units, n) => ({
          at: day(n),
          equity: Money.ofUnits(units, usd),
          netFlow: Money.ofUnits(units - (path[n - 1] ?? 0n), usd),
        }));
        expect(periodReturns(series)?.every((value) => value.isZero())).toBe(true);
        expect(String(totalReturn(series))).toBe('0');
      }),
    );
  });

  it('are the same when the account is doubled on the way', () => {
    const cents = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(fc.array(cents, { minLength: 3, maxLength: 20 }), fc.nat(), (path, pick) => {
        const doubledAt = 1 + (pick % (path.length - 1));
        const single = path.map((units, n) => ({ at: day(n), equity: Money.ofUnits(units, usd) }));
        const doubled = single.map(({ at, equity }, n) => ({
          at,
          equity: n >= doubledAt ? equity.plus(equity) : equity,
          netFlow: n === doubledAt ? equity : Money.zero(usd),
        }));
        expect(text(returnIndex(doubled)?.map(({ value }) => value))).toEqual(
          text(returnIndex(single)?.map(({ value }) => value)),
        );
      }),
    );
  });
});

describe('the annualised return', () => {
  it('is the compound return of a year', () => {
    // 172.8 / 100 = 1.2³, and three periods of a year each
    expect(String(annualisedReturn(seriesOf('100', '150', '90', '172.8'), { periodsPerYear: 1 }))).toBe('0.2');
  });

  it('compounds a series shorter than a year up to the year', () => {
    // 1.1² − 1
    expect(String(annualisedReturn(seriesOf('100', '110'), { periodsPerYear: 2 }))).toBe('0.21');
  });

  it('is the total return when the series is a year', () => {
    expect(String(annualisedReturn(seriesOf('100', '90', '130'), { periodsPerYear: 2 }))).toBe('0.3');
  });

  it('is minus one when all was lost', () => {
    expect(String(annualisedReturn(seriesOf('100', '50', '0'), { periodsPerYear: 252 }))).toBe('-1');
  });

  it('takes a year that is no whole number of periods', () => {
    // 1.01^365.25 − 1
    expect(annualisedReturn(seriesOf('100', '101'), { periodsPerYear: 365.25 })?.toFixed(6)).toBe('36.877541');
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])('refuses %s periods per year', (periodsPerYear) => {
    expect(() => annualisedReturn(seriesOf('100', '110'), { periodsPerYear })).toThrow(
      expect.objectContaining({ code: 'INVALID_PERIOD' }),
    );
  });
});
