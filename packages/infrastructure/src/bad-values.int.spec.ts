import {
  CashMovementId,
  Currency,
  Money,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  ValidationError,
} from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';

let book: TestBook;
let trader: Trader;

beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
});
afterAll(() => book.drop());

/** What somebody writes down by mistake, as a program has it. */
interface Mistake {
  readonly what: string;
  readonly code: string;
  /** What the message tells to do. */
  readonly advice: RegExp;
  readonly command: () => Promise<unknown>;
}

const order = () => anyNewOrder({ id: OrderId.of(anyUuid()), portfolioId: trader.portfolioId });
const deposit = (amount: () => Money) =>
  book.blotter.deposit({
    id: CashMovementId.of(anyUuid()),
    portfolioId: trader.portfolioId,
    amount: amount(),
    at: Timestamp.of('2026-01-05'),
  });
const place = (given: () => Partial<ReturnType<typeof anyNewOrder>>) =>
  book.blotter.placeOrder({ ...order(), ...given() });

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a float for an amount',
    code: 'FLOAT_REFUSED',
    advice: /Pass a string such as "0\.10"/,
    command: async () => deposit(() => Money.of(0.1, 'USD')),
  },
  {
    what: 'a float for a price',
    code: 'FLOAT_REFUSED',
    advice: /Pass a string/,
    command: async () => place(() => ({ terms: OrderTerms.limit(Price.of(187.35)) })),
  },
  {
    what: 'a float where a Quantity belongs, past the compiler',
    code: 'FLOAT_REFUSED',
    advice: /Pass a string/,
    command: async () => place(() => ({ quantity: 0.5 as unknown as Quantity })),
  },
  {
    what: 'a number that is none',
    code: 'FLOAT_REFUSED',
    advice: /Pass a string/,
    command: async () => deposit(() => Money.of(Number.NaN, 'USD')),
  },
  {
    what: 'a number as people write it',
    code: 'NOT_A_DECIMAL',
    advice: /a plain decimal such as "12\.50"/,
    command: async () => deposit(() => Money.of('1,000.00', 'USD')),
  },
  {
    what: 'too many decimals of a quantity',
    code: 'TOO_MANY_DECIMALS',
    advice: /Round it where you know how/,
    command: async () => place(() => ({ quantity: Quantity.of('0.0000000000000000001') })),
  },
  {
    what: 'too many decimals of an amount',
    code: 'TOO_MANY_DECIMALS',
    advice: /Round it where you know how/,
    command: async () => deposit(() => Money.of('0.1234567890123456789', 'USD')),
  },
  {
    what: 'too many digits',
    code: 'OUT_OF_RANGE',
    advice: /more than 20 digits before the point/,
    command: async () => place(() => ({ quantity: Quantity.of('100000000000000000000') })),
  },
  {
    what: 'a currency that nobody knows',
    code: 'UNKNOWN_CURRENCY',
    advice: /Use an ISO 4217 code in upper case such as "USD"/,
    command: async () => deposit(() => Money.of('1', 'XXX')),
  },
  {
    what: 'a currency in lower case, of a portfolio',
    code: 'UNKNOWN_CURRENCY',
    advice: /Use an ISO 4217 code in upper case/,
    command: async () => book.blotter.openPortfolio(anyNewPortfolio({ currency: Currency.of('usd') })),
  },
  {
    what: 'a negative price of an order',
    code: 'MUST_NOT_BE_NEGATIVE',
    advice: /Give it without its sign/,
    command: async () => place(() => ({ terms: OrderTerms.limit(Price.of('-1')) })),
  },
  {
    what: 'a negative price of a fill',
    code: 'MUST_NOT_BE_NEGATIVE',
    advice: /Give it without its sign/,
    command: async () => {
      const placed = await book.database.read.orders.listActive(trader.portfolioId);
      const [first] = placed.items;
      if (!first) throw new Error('There is no order to fill.');
      await book.blotter.recordExecution(anyReportOf(first, { price: Price.of('-0.01') }));
    },
  },
  {
    what: 'a negative mark',
    code: 'MUST_NOT_BE_NEGATIVE',
    advice: /Give it without its sign/,
    command: async () => trader.mark('-1', '2026-01-05T15:00:00Z'),
  },
  {
    what: 'a symbol of no known form',
    code: 'INVALID_TICKER',
    advice: /A symbol is 1 to 32 of A-Z, 0-9/,
    command: async () => place(() => ({ symbol: Ticker.of('no such symbol!') })),
  },
  {
    what: 'a symbol in lower case',
    code: 'INVALID_TICKER',
    advice: /such as "AAPL"/,
    command: async () => trader.mark('1', '2026-01-05T15:00:00Z', 'aapl'),
  },
  {
    what: 'an id that is no UUID',
    code: 'INVALID_ID',
    advice: /must be a UUID in lower case/,
    command: async () => book.blotter.openPortfolio(anyNewPortfolio({ id: PortfolioId.of('1') })),
  },
];

describe('a mistake in what is sent', () => {
  beforeAll(() => trader.place());

  test.each(MISTAKES)(
    '$what is a ValidationError $code that says what to do, and nothing is written',
    async (mistake) => {
      const before = await everyRow();
      const error = await mistake.command().catch((reason: unknown) => reason);
      if (!(error instanceof ValidationError)) throw new Error('A ValidationError was expected.', { cause: error });
      expect(error.code).toBe(mistake.code);
      expect(error.message).toMatch(mistake.advice);
      expect(await everyRow()).toEqual(before);
    },
  );
});

/** All rows of all tables, as text. */
async function everyRow(): Promise<unknown> {
  const tables = ['portfolios', 'orders', 'positions', 'executions', 'cash_movements', 'marks', 'portfolio_snapshots'];
  const rows = tables.map((table) => book.database.query(`select ${table}::text as row from ${table} order by 1`));
  return Promise.all(rows);
}
