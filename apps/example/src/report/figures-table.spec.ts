import { Currency, Money, performanceSummary, Portfolio, PortfolioId, Timestamp } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { figuresTable } from './figures-table.js';

const portfolio = Portfolio.open({
  id: PortfolioId.of('01890000-0000-7000-8000-000000000000'),
  name: 'Equities crossover #1',
  currency: Currency.of('USD'),
  openedAt: Timestamp.of('2015-01-02'),
});
const equity = (amount: string) => Money.of(amount, 'USD');

describe('the table of figures', () => {
  it('shows what is defined, and a dash for what is not', () => {
    const series = [
      { at: Timestamp.of('2015-01-02'), equity: equity('100') },
      { at: Timestamp.of('2015-01-03'), equity: equity('80') },
      { at: Timestamp.of('2015-01-04'), equity: equity('110') },
    ];
    const figures = performanceSummary({ series, totals: portfolio, periodsPerYear: 252 });
    const lines = figuresTable([{ portfolio, series, figures }]).split('\n');
    const lineOf = (title: string) => lines.find((line) => line.includes(title));
    expect(lines[1]).toContain('Equities crossover #1');
    expect(lineOf('Total return')).toContain('10.00 %');
    expect(lineOf('Maximum drawdown')).toContain('20.00 %');
    expect(lineOf('to its trough')).toContain('2015-01-03');
    expect(lineOf('Win rate')).toContain('–');
  });
});
