import {
  BrokerOrderId,
  CashMovementId,
  Money,
  OrderId,
  Price,
  SnapshotId,
  StrategyName,
  Ticker,
  Timestamp,
  ValidationError,
  type Order,
} from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';

let book: TestBook;
let trader: Trader;
let order: Order;

beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
  order = await trader.place();
});
afterAll(() => book.drop());

const AT = Timestamp.of('2026-01-05T14:30:00Z');

/** What a program without types, or with a cast, puts where a value of ours belongs. */
const FORGERIES: readonly unknown[] = ['no such thing!\n', '', 1.5, true, Symbol('AAPL'), new Date(Number.NaN)];

interface Command {
  readonly name: string;
  /** A command that would be taken, with every field there is. */
  readonly good: () => object;
  readonly fields: readonly string[];
  readonly send: (command: never) => Promise<unknown>;
}

const COMMANDS: readonly Command[] = [
  {
    name: 'openPortfolio',
    good: () => anyNewPortfolio({ strategy: StrategyName.of('trend') }),
    fields: ['id', 'name', 'currency', 'openedAt', 'strategy', 'tags', 'limits'],
    send: (command) => book.blotter.openPortfolio(command),
  },
  {
    name: 'deposit',
    good: movement,
    fields: ['id', 'portfolioId', 'amount', 'at'],
    send: (c) => book.blotter.deposit(c),
  },
  {
    name: 'withdraw',
    good: movement,
    fields: ['id', 'portfolioId', 'amount', 'at'],
    send: (c) => book.blotter.withdraw(c),
  },
  {
    name: 'placeOrder',
    good: () => anyNewOrder({ id: OrderId.of(anyUuid()), portfolioId: trader.portfolioId }),
    fields: [
      ...['id', 'portfolioId', 'clientOrderId', 'symbol', 'side', 'quantity', 'terms', 'timeInForce', 'createdAt'],
      ...['multiplier', 'strategy', 'tags', 'stopLoss'],
    ],
    send: (command) => book.blotter.placeOrder(command),
  },
  {
    name: 'markSubmitted',
    good: () => ({ orderId: order.id, brokerOrderId: BrokerOrderId.of('broker-1'), at: AT }),
    fields: ['orderId', 'brokerOrderId', 'at'],
    send: (command) => book.blotter.markSubmitted(command),
  },
  {
    name: 'recordExecution',
    good: () => anyReportOf(order),
    fields: [
      ...['id', 'portfolioId', 'orderId', 'venue', 'brokerExecutionId', 'symbol', 'side', 'quantity', 'price'],
      ...['multiplier', 'commission', 'executedAt'],
    ],
    send: (command) => book.blotter.recordExecution(command),
  },
  ...(['cancelOrder', 'rejectOrder', 'expireOrder'] as const).map((name) => ({
    name,
    good: () => ({ orderId: order.id, at: AT, reason: 'no longer wanted' }),
    fields: ['orderId', 'at', 'reason'],
    send: (command: never) => book.blotter[name](command),
  })),
  {
    name: 'markToMarket',
    good: () => ({ symbol: Ticker.of('AAPL'), price: Price.of(100), at: AT }),
    fields: ['symbol', 'price', 'at'],
    send: (command) => book.blotter.markToMarket([command]),
  },
  {
    name: 'takeSnapshot',
    good: () => ({ id: SnapshotId.of(anyUuid()), portfolioId: trader.portfolioId, takenAt: AT }),
    fields: ['id', 'portfolioId', 'takenAt'],
    send: (command) => book.blotter.takeSnapshot(command),
  },
];

describe('a value that is not what its type says', () => {
  test.each(COMMANDS.flatMap((command) => command.fields.map((field) => ({ ...command, field }))))(
    '$name refuses a forged $field with a ValidationError, and nothing is written',
    async ({ good, field, send }) => {
      const before = await everyRow();
      for (const forgery of FORGERIES) {
        const error = await send({ ...good(), [field]: forgery } as never).catch((reason: unknown) => reason);
        expect(error, String(forgery)).toBeInstanceOf(ValidationError);
      }
      expect(await everyRow()).toEqual(before);
    },
  );

  test('a whole number for a price becomes a Price, and a Date a Timestamp', async () => {
    await book.blotter.markToMarket([{ symbol: 'MSFT', price: 5, at: new Date('2026-01-05') } as never]);
    const mark = await book.database.read.marks.find(Ticker.of('MSFT'));
    expect(mark).toEqual({ symbol: 'MSFT', price: Price.of(5), at: Timestamp.of('2026-01-05') });
  });
});

function movement(): object {
  return { id: CashMovementId.of(anyUuid()), portfolioId: trader.portfolioId, amount: Money.of(1, 'USD'), at: AT };
}

/** All rows of all tables, as text. */
async function everyRow(): Promise<unknown> {
  const tables = ['portfolios', 'orders', 'positions', 'executions', 'cash_movements', 'marks', 'portfolio_snapshots'];
  const rows = tables.map((table) => book.database.query(`select ${table}::text as row from ${table} order by 1`));
  return Promise.all(rows);
}
