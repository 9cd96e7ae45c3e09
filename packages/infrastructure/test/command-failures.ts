import {
  CashMovementId,
  Money,
  Multiplier,
  Order,
  OrderId,
  PortfolioId,
  PositionId,
  Price,
  Quantity,
  Ticker,
} from '@blotter/domain';
import { anyNewOrder, anyPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import type { PostgresUnitOfWork } from '../src/transactions/postgres-unit-of-work.js';
import type { Failure } from './failure.js';
import type { TestBook } from './test-book.js';
import { Trader } from './trader.js';

/** What a command, an entity or the book itself refuses. */
export const COMMAND_FAILURES: readonly Failure[] = [
  {
    error: 'NotFoundError NOT_FOUND',
    when: 'a portfolio is not there',
    entity: 'portfolio',
    fails: (book) => book.database.read.portfolios.get(PortfolioId.of(anyUuid())),
  },
  {
    error: 'NotFoundError NOT_FOUND',
    when: 'an order is not there',
    entity: 'order',
    fails: (book) => book.database.read.orders.get(OrderId.of(anyUuid())),
  },
  {
    error: 'NotFoundError NOT_FOUND',
    when: 'a position is not there',
    entity: 'position',
    fails: (book) => book.database.read.positions.get(PositionId.of(anyUuid())),
  },
  {
    error: 'DuplicateError DUPLICATE',
    when: 'a name is taken',
    entity: 'portfolio',
    fails: async (book) => {
      const { name } = await (await Trader.open(book)).portfolio();
      await run(book, (unit) => unit.portfolios.save(anyPortfolio({ name })));
    },
  },
  {
    error: 'ConcurrencyError CONCURRENCY',
    when: 'an order was changed since it was read',
    entity: 'order',
    fails: async (book) => {
      const { order } = await filled(book);
      await run(book, (unit) => unit.orders.save(order));
    },
  },
  {
    error: 'CommandConflictError COMMAND_CONFLICT',
    when: 'an id stands for another order',
    entity: 'order',
    fails: async (book) => {
      const { order } = await filled(book);
      await book.blotter.placeOrder({ ...order, quantity: Quantity.of(11) });
    },
  },
  {
    error: 'ExecutionConflictError EXECUTION_CONFLICT',
    when: 'the broker sends a fill again with another price',
    entity: 'execution',
    fails: async (book) => {
      const { report } = await filled(book);
      await book.blotter.recordExecution({ ...report, price: Price.of(101) });
    },
  },
  {
    error: 'LimitBreachedError LIMIT_BREACHED',
    when: 'an order exceeds a limit',
    entity: 'portfolio',
    fails: async (book) => {
      const trader = await Trader.open(book, { limits: { maxOpenPositions: 0 } });
      await trader.mark('100', '2026-01-05T15:00:00Z');
      await trader.place();
    },
  },
  {
    error: 'MissingPriceError MISSING_PRICE',
    when: 'a limit needs a price that nobody knows',
    entity: 'portfolio',
    fails: async (book) => {
      const trader = await Trader.open(book, { limits: { maxPositionValue: Money.of(1, 'USD') } });
      await trader.place({ symbol: Ticker.of('NEVER-MARKED') });
    },
  },
  {
    error: 'MultiplierMismatchError MULTIPLIER_MISMATCH',
    when: 'an order has another multiplier than what is held',
    entity: 'order',
    fails: async (book) => {
      const trader = await Trader.open(book);
      await trader.trade();
      await trader.place({ multiplier: Multiplier.of(100) });
    },
  },
  {
    error: 'ValidationError MUST_BE_POSITIVE',
    when: 'a fill is of nothing',
    fails: async (book) => {
      const { order } = await filled(book);
      await book.blotter.recordExecution(anyReportOf(order, { quantity: Quantity.zero }));
    },
  },
  {
    error: 'CurrencyMismatchError CURRENCY_MISMATCH',
    when: 'money comes in another currency than the portfolio’s',
    fails: async (book) => {
      const { portfolioId } = await Trader.open(book);
      const { openedAt: at } = await book.database.read.portfolios.get(portfolioId);
      await book.blotter.deposit({ id: CashMovementId.of(anyUuid()), portfolioId, amount: Money.of(1, 'EUR'), at });
    },
  },
  {
    error: 'InvalidTransitionError INVALID_TRANSITION',
    when: 'a filled order is to be cancelled',
    entity: 'order',
    fails: async (book) => {
      const { order, report } = await filled(book);
      await book.blotter.cancelOrder({ orderId: order.id, at: report.executedAt });
    },
  },
  {
    error: 'InsufficientCashError INSUFFICIENT_CASH',
    when: 'more is withdrawn than there is',
    entity: 'portfolio',
    fails: async (book) => (await Trader.open(book)).withdraw('10000.01'),
  },
  {
    error: 'IntegrityError INTEGRITY',
    when: 'an order has no portfolio',
    entity: 'order',
    fails: (book) => run(book, (unit) => unit.orders.save(Order.create(anyNewOrder()))),
  },
  {
    error: 'IntegrityError INTEGRITY',
    when: 'an order that has executions is removed',
    entity: 'order',
    fails: async (book) => {
      const { order } = await filled(book);
      await run(book, async (unit) => {
        unit.orders.remove(await unit.orders.get(order.id));
      });
    },
  },
];

function run<Result>(
  { blotter }: TestBook,
  work: (unit: PostgresUnitOfWork) => Result | Promise<Result>,
): Promise<Result> {
  return blotter.transactions.execute(async (unit) => work(unit));
}

/** A portfolio with an order that was filled, and the report of that fill. */
async function filled(book: TestBook) {
  const trader = await Trader.open(book);
  const order = await trader.place();
  const report = anyReportOf(order);
  await book.blotter.recordExecution(report);
  return { order, report };
}
