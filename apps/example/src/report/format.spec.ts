import { Decimal, Money, Timestamp } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { amount, count, day, grouped, percentage, plain } from './format.js';

describe('a number in a report', () => {
  it.each([
    ['0', '0.00'],
    ['999.999', '1,000.00'],
    ['-1234567.891', '-1,234,567.89'],
    ['12345678901234567890.125', '12,345,678,901,234,567,890.12'],
  ])('%s is shown as %s', (value, text) => {
    expect(grouped(new Decimal(value))).toBe(text);
  });

  it('has its unit beside it', () => {
    expect([amount(Money.of('1234.5', 'USD')), percentage(new Decimal('0.1234')), count(1234)]).toEqual([
      '1,234.50 USD',
      '12.34 %',
      '1,234',
    ]);
  });

  it('is a dash where it is not defined', () => {
    expect([amount(undefined), percentage(undefined), plain(undefined), day(undefined)]).toEqual(['–', '–', '–', '–']);
  });

  it('of a moment is its day', () => {
    expect(day(Timestamp.of('2015-01-02T21:00:00Z'))).toBe('2015-01-02');
  });
});
