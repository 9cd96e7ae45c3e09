import { Ticker } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { anyBar } from './any-bar.js';
import { Market } from './market.js';

const [a, b] = [Ticker.of('A'), Ticker.of('B')];
const market = new Market(
  new Map([
    [a, [anyBar({ date: '2015-01-02' }), anyBar({ date: '2015-01-05' }), anyBar({ date: '2015-01-06' })]],
    [b, [anyBar({ date: '2015-01-03' }), anyBar({ date: '2015-01-06' })]],
  ]),
);

describe('a market', () => {
  it('has the days of all its symbols, in order', () => {
    expect(market.dates).toEqual(['2015-01-02', '2015-01-03', '2015-01-05', '2015-01-06']);
  });

  it('quotes the symbols that were traded on the day', () => {
    expect(market.quotesOn('2015-01-05').map(({ symbol }) => symbol)).toEqual([a]);
    expect(market.quotesOn('2015-01-06').map(({ symbol }) => symbol)).toEqual([a, b]);
    expect(market.quotesOn('2015-01-04')).toEqual([]);
  });

  it('keeps today out of the history', () => {
    const [quote] = market.quotesOn('2015-01-06');
    expect(quote?.history.map(({ date }) => date)).toEqual(['2015-01-02', '2015-01-05']);
    expect(quote?.today.date).toBe('2015-01-06');
  });
});
