import { Money, Timestamp, type EquitySeries } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { equityChart } from './equity-chart.js';

function seriesOf(length: number): EquitySeries {
  return Array.from({ length }, (_, index) => ({
    at: Timestamp.of(new Date(Date.UTC(2015, 0, 1 + index))),
    equity: Money.of(1_000_000 + index * 100, 'USD'),
  }));
}

describe('the chart of an equity curve', () => {
  it('has the first and the last day below it', () => {
    expect(equityChart(seriesOf(1_000)).split('\n').at(-1)).toMatch(/^ +2015-01-01 +2017-09-26$/);
  });

  it('fits into 80 columns, however long the curve', () => {
    for (const length of [2, 30, 64, 65, 5_000]) {
      for (const line of equityChart(seriesOf(length)).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('names the highest and the lowest equity', () => {
    const chart = equityChart(seriesOf(101));
    expect(chart).toContain('1,010,000');
    expect(chart).toContain('1,000,000');
  });

  it('is empty where there is no curve', () => {
    expect(equityChart(seriesOf(1))).toBe('');
  });
});
