import { Currency, Money, Order, OrderTerms, Price, Ticker, Timestamp } from '@blotter/domain';
import {
  anyMark,
  anyMovementOf,
  anyNewOrder,
  anyNewPortfolio,
  anyPortfolio,
  anyPosition,
  arbitraryAmount,
  arbitraryPrice,
  arbitraryQuantity,
} from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { momentFromRow } from './database/rows.js';

const RUNS = 200;

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

describe('values go through the tables and come back as they were', () => {
  test.each(['USD', 'JPY', 'BTC'])(`money in %s, ${RUNS} amounts`, async (code) => {
    const currency = Currency.of(code);
    const amounts = fc.sample(arbitraryAmount(currency), RUNS);
    const portfolio = anyPortfolio({ currency });
    const movements = amounts.map((amount, index) => anyMovementOf(portfolio, { amount, sequence: index + 1 }));
    await book.blotter.transactions.execute((unit) => {
      unit.portfolios.save(portfolio);
      for (const movement of movements) unit.cashMovements.add(movement);
      return Promise.resolve();
    });

    const { items } = await book.database.read.cashMovements.list(portfolio.id, { limit: RUNS });
    expect(items.map(({ amount }) => amount)).toEqual(amounts);
    expect(items.every(({ amount }) => amount.currency === currency)).toBe(true);
  });

  test('no amount is kept in another currency than its portfolio’s', async () => {
    const { id } = await book.blotter.openPortfolio(anyNewPortfolio({ currency: Currency.of('EUR') }));
    const order = Order.create(anyNewOrder({ portfolioId: id, currency: Currency.of('USD') }));
    const saving = book.blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(order)));
    await expect(saving).rejects.toMatchObject({ code: 'INTEGRITY', entity: 'order', id: order.id });
  });

  test(`prices, ${RUNS} of them`, async () => {
    const marks = fc
      .sample(arbitraryPrice(), RUNS)
      .map((price, index) => anyMark({ price, symbol: Ticker.of(`P${String(index).padStart(3, '0')}`) }));
    await book.blotter.markToMarket(marks);
    expect(await book.database.read.marks.findAll(marks.map(({ symbol }) => symbol))).toEqual(marks);
  });

  test('a price that was rounded to its tick is on the tick when it is read back', async () => {
    const tick = Price.of('0.05');
    const { id: portfolioId } = await book.blotter.openPortfolio(anyNewPortfolio());
    const terms = OrderTerms.limit(Price.of('187.475000000000000001').roundToTick(tick));
    const { id } = await book.blotter.placeOrder({ ...anyNewOrder({ portfolioId }), terms });

    const { limitPrice } = (await book.database.read.orders.get(id)).terms;
    expect([limitPrice?.toString(), limitPrice?.isOnTick(tick)]).toEqual(['187.5', true]);
  });

  test(`signed quantities, ${RUNS} long and ${RUNS} short`, async () => {
    const portfolio = anyPortfolio();
    const quantities = fc.sample(arbitraryQuantity(), RUNS).flatMap((quantity) => [quantity, quantity.negated()]);
    const positions = quantities.map((quantity, index) =>
      anyPosition({
        portfolioId: portfolio.id,
        symbol: Ticker.of(`Q${index}`),
        quantity,
        costBasis: quantity.isNegative ? Money.of(-1, 'USD') : Money.of(1, 'USD'),
      }),
    );
    await book.blotter.transactions.execute((unit) => {
      unit.portfolios.save(portfolio);
      for (const position of positions) unit.positions.save(position);
      return Promise.resolve();
    });

    for (const position of positions) {
      const held = await book.database.read.positions.findOpen(portfolio.id, position.symbol);
      expect(held?.position.quantity).toEqual(position.quantity);
      expect(held?.position.side).toBe(position.quantity.isNegative ? 'SHORT' : 'LONG');
    }
  });

  test('symbols of every form, each found by itself alone', async () => {
    const portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
    const symbols = ['AAPL', 'BTC-USD', 'BRK.B', 'EUR/USD', 'X:ETH_USD', 'NQ=F', 'A^B', 'A'.repeat(32)];
    for (const symbol of symbols) {
      await book.blotter.placeOrder({ ...anyNewOrder({ portfolioId: portfolio.id }), symbol: Ticker.of(symbol) });
    }
    for (const symbol of symbols) {
      const { items } = await book.database.read.orders.listBySymbol(portfolio.id, Ticker.of(symbol));
      expect(items.map((order) => order.symbol)).toEqual([symbol]);
    }
    expect((await book.database.read.orders.listBySymbol(portfolio.id, Ticker.of('BRK'))).items).toEqual([]);
  });
});

describe('a moment as PostgreSQL writes it', () => {
  const written = async (moment: string) => {
    const [row] = await book.database.query<{ text: string }>('select $1::timestamptz(6)::text as text', [moment]);
    return row?.text ?? '';
  };

  test.each([
    '0001-01-01T00:00:00.000000Z',
    '1969-12-31T23:59:59.999999Z',
    '2024-02-29T14:30:00.000000Z',
    '2026-01-05T14:30:00.100000Z',
    '2026-01-05T14:30:00.000001Z',
    '9999-12-31T23:59:59.999999Z',
  ])('is read: %s', async (moment) => {
    const read = momentFromRow(await written(moment));
    expect(read).toBe(moment);
    // It is one of the domain's, though it was not parsed again.
    expect(Timestamp.of(read)).toBe(read);
  });

  test.each(['infinity', '-infinity', '10000-01-01T00:00:00Z', '0044-03-15T00:00:00Z BC'])(
    'is refused where the domain has none: %s',
    async (moment) => {
      const text = await written(moment);
      expect(() => momentFromRow(text)).toThrow(expect.objectContaining({ code: 'INVALID_TIMESTAMP' }));
    },
  );

  test('is refused in another zone, and not taken for UTC', () => {
    expect(() => momentFromRow('2026-07-01 14:00:00+02')).toThrow(
      expect.objectContaining({ code: 'INVALID_TIMESTAMP' }),
    );
  });
});

test('the columns keep 38 digits, 18 of them decimals, whatever the table', async () => {
  const decimals = await book.database.query<{ precision: number; scale: number; columns: number }>(
    `select numeric_precision as precision, numeric_scale as scale, count(*)::int as columns
     from information_schema.columns where table_schema = 'public' and data_type = 'numeric' group by 1, 2`,
  );
  expect(decimals).toEqual([{ precision: 38, scale: 18, columns: expect.any(Number) as number }]);
  const floats = `select column_name from information_schema.columns
    where table_schema = 'public' and data_type in ('real', 'double precision', 'money')`;
  expect(await book.database.query(floats)).toEqual([]);
});
