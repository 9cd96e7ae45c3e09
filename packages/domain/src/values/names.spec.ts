import { describe, expect, it } from 'vitest';
import { Currency } from './currency.js';
import * as ids from './ids.js';
import { optionalText } from './text.js';
import { Ticker } from './ticker.js';
import { checkedVersion } from './version.js';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('a currency', () => {
  it.each(['USD', 'EUR', 'JPY', 'XAU', 'BTC', 'USDT'])('is known: %s', (text) => {
    expect(Currency.of(text)).toBe(text);
  });

  it.each(['', 'usd', 'US', 'USDX', ' USD', 'XXX', 'toString', '__proto__'])('is unknown: %j', (text) => {
    expect(() => Currency.of(text)).toThrow(code('UNKNOWN_CURRENCY'));
  });
});

describe('a ticker', () => {
  it.each(['AAPL', 'BTC-USD', 'BRK.B', 'EUR/USD', 'ESZ6', '0700.HK', 'NQ=F', 'A', 'X:ETH_USD', 'A^B', 'A'.repeat(32)])(
    'may be %s',
    (text) => {
      expect(Ticker.of(text)).toBe(text);
    },
  );

  it.each(['', 'aapl', 'Aapl', ' AAPL', 'AAPL ', 'AAPL\n', '.AAPL', '^GSPC', 'A B', 'Ä', 'A$', 'A'.repeat(33)])(
    'may not be %j',
    (text) => {
      expect(() => Ticker.of(text)).toThrow(code('INVALID_TICKER'));
    },
  );

  it('may not be anything but text', () => {
    expect(() => Ticker.of(undefined as unknown as string)).toThrow(code('INVALID_TICKER'));
    expect(() => Ticker.of(['AAPL'] as unknown as string)).toThrow(code('INVALID_TICKER'));
  });
});

describe.each([
  ['portfolio id', ids.PortfolioId],
  ['order id', ids.OrderId],
  ['execution id', ids.ExecutionId],
  ['position id', ids.PositionId],
  ['cash movement id', ids.CashMovementId],
  ['snapshot id', ids.SnapshotId],
])('a %s', (name, id) => {
  it('is a UUID in lower case', () => {
    expect(id.of('01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0e')).toBe('01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0e');
  });

  it.each([
    '',
    '01942F0E-7C2A-7B3C-8D4E-5F6A7B8C9D0E',
    '01942f0e7c2a7b3c8d4e5f6a7b8c9d0e',
    '{01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0e}',
    '01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0e\n',
    '01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0g',
  ])('is refused as %j, by its name', (text) => {
    expect(() => id.of(text)).toThrow(code('INVALID_ID'));
    expect(() => id.of(text)).toThrow(name);
  });
});

describe.each([
  ['client order id', ids.ClientOrderId, 64],
  ['broker order id', ids.BrokerOrderId, 64],
  ['broker execution id', ids.BrokerExecutionId, 64],
  ['venue', ids.Venue, 32],
  ['strategy', ids.StrategyName, 64],
])('a %s', (name, label, max) => {
  it.each(['x', 'momentum v2', 'Zürich/1', '№ 7 😀'])('may be %s', (text) => {
    expect(label.of(text)).toBe(text);
  });

  it(`may have ${max} characters and no more`, () => {
    expect(label.of('x'.repeat(max))).toHaveLength(max);
    expect(() => label.of('x'.repeat(max + 1))).toThrow(code('INVALID_TEXT'));
  });

  it.each(['', ' ', ' x', 'x ', '\u00a0x', 'x\ny', 'x\ty', 'x\0', '\u007f', '\u0085x', '\ud800', 'x\udc00'])(
    'may not be %j',
    (text) => {
      expect(() => label.of(text)).toThrow(code('INVALID_TEXT'));
      expect(() => label.of(text)).toThrow(name);
    },
  );

  it('may not be anything but text', () => {
    expect(() => label.of(7 as unknown as string)).toThrow(code('INVALID_TEXT'));
  });
});

describe('an optional text', () => {
  it('may be absent', () => {
    expect(optionalText(undefined, 'reason', 10)).toBeUndefined();
  });

  it('may not be empty', () => {
    expect(() => optionalText('', 'reason', 10)).toThrow(code('INVALID_TEXT'));
  });
});

describe('a version', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('may be %s', (version) => {
    expect(checkedVersion(version)).toBe(version);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('may not be %s', (version) => {
    expect(() => checkedVersion(version)).toThrow(code('INVALID_VERSION'));
  });
});
