import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Currency, Money, Timestamp } from '../values/index.js';
import { maximumDrawdown, returnIndex, type EquityPoint } from './index.js';

const usd = Currency.of('USD');
const day = (n: number) => Timestamp.of(new Date(Date.UTC(2026, 0, 1 + n)));
const seriesOf = (...equities: (string | bigint)[]): EquityPoint[] =>
  equities.map((equity, n) => ({ at: day(n), equity: Money.of(equity, usd) }));
const shown = (series: readonly EquityPoint[]) => {
  const drawdown = maximumDrawdown(series);
  return drawdown && { ...drawdown, depth: drawdown.depth.toString() };
};

describe('the maximum drawdown', () => {
  it('is the deepest fall from a peak, with its moments', () => {
    // (120 − 90) / 120
    expect(shown(seriesOf('100', '120', '90', '105', '120', '130'))).toEqual({
      depth: '0.25',
      peakAt: day(1),
      troughAt: day(2),
      recoveredAt: day(4),
    });
  });

  it('has no recovery while the series is below the peak', () => {
    expect(shown(seriesOf('100', '120', '90', '119.99'))).toEqual({ depth: '0.25', peakAt: day(1), troughAt: day(2) });
  });

  it('is measured as a share of the peak and not in money', () => {
    // 50 of 100 before 60 of 200
    expect(shown(seriesOf('100', '50', '200', '140'))).toMatchObject({ depth: '0.5', troughAt: day(1) });
  });

  it('is the first of two equally deep', () => {
    expect(shown(seriesOf('100', '50', '100', '50', '100'))).toMatchObject({ peakAt: day(0), troughAt: day(1) });
  });

  it('begins at the last moment of a peak that lasted', () => {
    expect(shown(seriesOf('100', '100', '100', '50'))).toMatchObject({ peakAt: day(2), troughAt: day(3) });
  });

  it('is 0, at the first point, where nothing was ever lost', () => {
    const unharmed = { depth: '0', peakAt: day(0), troughAt: day(0), recoveredAt: day(0) };
    expect(shown(seriesOf('100', '100', '110'))).toEqual(unharmed);
  });

  it('is 1 when all was lost', () => {
    expect(shown(seriesOf('100', '0'))).toMatchObject({ depth: '1' });
  });

  it('does not take a withdrawal for a loss', () => {
    const [first, second] = seriesOf('100', '20');
    expect(shown([first, { ...second, netFlow: Money.of('-80', usd) }] as EquityPoint[])).toMatchObject({ depth: '0' });
  });

  it('does not take a deposit for a recovery', () => {
    const [first, second, third] = seriesOf('100', '50', '100');
    const series = [first, second, { ...third, netFlow: Money.of('50', usd) }] as EquityPoint[];
    expect(shown(series)).toEqual({ depth: '0.5', peakAt: day(0), troughAt: day(1) });
  });

  it('sees a recovery to the last digit, whatever was paid in at the bottom', () => {
    const amount = fc.bigInt({ min: 2n, max: 10n ** 9n });
    fc.assert(
      fc.property(amount, amount, amount, (a, b, times) => {
        fc.pre(a !== b);
        const [peak, trough] = a > b ? [a, b] : [b, a];
        // From peak to trough; the account multiplied by a deposit; back to the same multiple of the peak.
        const series = seriesOf(peak, trough, trough * times, peak * times).map((point, n) =>
          n === 2 ? { ...point, netFlow: Money.of(trough * (times - 1n), usd) } : point,
        );
        expect(maximumDrawdown(series)?.recoveredAt).toBe(day(3));
      }),
    );
  });

  it('is from 0 to 1, with the trough not before the peak and the recovery not before the trough', () => {
    const path = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), path, (first, rest) => {
        const series = seriesOf(first, ...rest);
        const drawdown = maximumDrawdown(series);
        // Only the last point may be zero: there is nothing to earn on after it.
        expect(drawdown === undefined).toBe(rest.slice(0, -1).includes(0n));
        if (drawdown === undefined) return;
        expect(drawdown.depth.greaterThanOrEqualTo(0) && drawdown.depth.lessThanOrEqualTo(1)).toBe(true);
        expect(drawdown.peakAt <= drawdown.troughAt).toBe(true);
        expect(drawdown.recoveredAt === undefined || drawdown.recoveredAt >= drawdown.troughAt).toBe(true);
      }),
    );
  });

  it('is the largest over all pairs of a peak and a later point', () => {
    const path = fc.array(fc.bigInt({ min: 1n, max: 1000n }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(path, (units) => {
        const index = returnIndex(seriesOf(...units)) ?? [];
        const falls = index.flatMap((peak, n) =>
          index.slice(n).map((later) => peak.value.minus(later.value).dividedBy(peak.value)),
        );
        const deepest = falls.reduce((a, b) => (b.greaterThan(a) ? b : a));
        expect(maximumDrawdown(seriesOf(...units))?.depth.toFixed(30)).toBe(deepest.toFixed(30));
      }),
    );
  });

  it('is undefined where there are no returns', () => {
    expect(maximumDrawdown([])).toBeUndefined();
    expect(maximumDrawdown(seriesOf('100'))).toBeUndefined();
    expect(maximumDrawdown(seriesOf('100', '-10', '100'))).toBeUndefined();
  });
});
