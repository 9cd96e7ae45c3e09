import { Ticker } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { loadBars } from './load-bars.js';
import { PriceFileError } from './price-file-error.js';
import { readBars } from './read-bars.js';

const HEADER = 'date,open,high,low,close,volume\n';
const GOOD = '2015-01-02,10.5,12,10,11.25,1000\n';

function errorOf(text: string): PriceFileError {
  try {
    readBars(text, 'X.csv');
  } catch (error) {
    if (error instanceof PriceFileError) return error;
    throw error;
  }
  throw new Error('The file was not refused.');
}

describe('a price file', () => {
  it('is read exactly, decimals as they are written', () => {
    const [bar] = readBars(`${HEADER}2015-01-02,0.1,0.3,0.1,0.2,1.00000001\n`, 'X.csv');
    expect([bar?.date, String(bar?.open), String(bar?.close), String(bar?.volume)]).toEqual([
      '2015-01-02',
      '0.1',
      '0.2',
      '1.00000001',
    ]);
  });

  it.each([
    ['a price that is no number', `${HEADER}${GOOD}2015-01-03,10,12,x,11,1\n`, 'X.csv:3: low "x" is wrong.'],
    ['a price of zero', `${HEADER}2015-01-02,0,12,0,11,1\n`, 'X.csv:2: open "0" is wrong.'],
    ['scientific notation', `${HEADER}2015-01-02,1e1,12,10,11,1\n`, 'X.csv:2: open "1e1" is wrong.'],
    ['a day that does not exist', `${HEADER}2015-02-30,10,12,10,11,1\n`, 'X.csv:2: date "2015-02-30" is wrong.'],
    ['a date of another form', `${HEADER}02.01.2015,10,12,10,11,1\n`, 'X.csv:2: date "02.01.2015" is wrong.'],
    ['a day that comes twice', `${HEADER}${GOOD}${GOOD}`, 'X.csv:3: the date does not come after 2015-01-02.'],
    ['an open outside low and high', `${HEADER}2015-01-02,13,12,10,11,1\n`, 'X.csv:2: open and close must lie between'],
    ['a volume below zero', `${HEADER}2015-01-02,10,12,10,11,-1\n`, 'X.csv:2: the volume is below zero.'],
    ['a line with a column too few', `${HEADER}${GOOD}2015-01-03,10,12,10,11\n`, 'X.csv:3: not a line of date,open'],
    ['a quote that is never closed', `${HEADER}"2015-01-02,10,12,10,11,1\n`, 'X.csv:2: not a line of date,open'],
    ['another header', 'date,close\n2015-01-02,1\n', 'X.csv:1: the header must be'],
    ['no lines', HEADER, 'X.csv: there are no prices in it.'],
  ])('with %s is refused, naming file and line', (_, text, message) => {
    expect(errorOf(text).message).toContain(message);
  });
});

describe('the prices that come with the app', () => {
  it.each([
    ['AAPL', 1258, '2015-01-02', '2019-12-31'],
    ['BAC', 1258, '2015-01-02', '2019-12-31'],
    ['GOOG', 1258, '2015-01-02', '2019-12-31'],
    ['IBM', 1258, '2015-01-02', '2019-12-31'],
    ['SPY', 1258, '2015-01-02', '2019-12-31'],
    ['BTC-USD', 1309, '2015-01-08', '2018-08-13'],
  ])('%s: %i days from %s to %s', async (symbol, days, first, last) => {
    const bars = await loadBars(Ticker.of(symbol));
    expect([bars.length, bars[0]?.date, bars.at(-1)?.date]).toEqual([days, first, last]);
  });

  it('name the file when there is none', async () => {
    await expect(loadBars(Ticker.of('NONE'))).rejects.toThrow(/NONE\.csv: cannot be read/);
  });
});
