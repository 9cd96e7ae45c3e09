import { Blotter } from '@blotter/application';
import {
  BrokerExecutionId,
  CashMovementId,
  ClientOrderId,
  Currency,
  ExecutionId,
  Money,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  Venue,
} from '@blotter/domain';
import { anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';
import { proveBook } from './proof/prove-book.js';

const TASKS = 50;
const FILLS = 20;
const PORTFOLIOS = 10;
const DEPOSIT = '1000000';
const USD = Currency.of('USD');
const SYMBOLS = ['AAPL', 'MSFT'].map((symbol) => Ticker.of(symbol));

let storage: TestDatabase;
let database: Database;
let blotter: Blotter;

beforeAll(async () => {
  storage = await createTestDatabase({ settings: { maxPoolSize: 20 } });
  database = await Database.connect(storage.config);
  blotter = new Blotter(database);
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

test(`${TASKS} concurrent tasks with ${FILLS} fills each on ${PORTFOLIOS} portfolios: cash and positions exact, no deadlock, none lost`, async () => {
  const portfolios = await Promise.all(Array.from({ length: PORTFOLIOS }, (_, index) => openFunded(index)));
  const deadlocksBefore = await deadlocks();

  // Each task goes round the portfolios from another start, so that they meet everywhere.
  const tasks = Array.from({ length: TASKS }, async (_, task) => {
    const results = [];
    for (let fill = 0; fill < FILLS; fill += 1) {
      const portfolioId = portfolios[(task + fill) % PORTFOLIOS];
      if (portfolioId === undefined) throw new Error('No such portfolio.');
      results.push(await fillOrder(portfolioId, task, fill));
    }
    return results;
  });
  const recorded = (await Promise.all(tasks)).flat();

  expect(recorded).toHaveLength(TASKS * FILLS);
  expect(await deadlocks()).toBe(deadlocksBefore);
  for (const portfolioId of portfolios) {
    const expected = expectedBook(portfolioId, recorded);
    const { portfolio, positions } = await database.read.portfolios.getWithPositions(portfolioId);
    expect(portfolio.cash.amount).toBe(expected.cash.amount);
    expect(portfolio.commissions.amount).toBe(expected.commissions.amount);
    expect(portfolio.lastSequence).toBe(expected.entries);
    const held = new Map(positions.map(({ position }) => [position.symbol, position.quantity.toString()]));
    for (const symbol of SYMBOLS) {
      expect(held.get(symbol) ?? '0').toBe((expected.held.get(symbol) ?? Quantity.zero).toString());
    }
  }
  const [counted] = await database.query<{ executions: number }>('select count(*)::int as executions from executions');
  expect(counted?.executions).toBe(TASKS * FILLS);
  expect(await proveBook(database)).toMatchObject({ difference: '0', mismatches: [] });
});

test('the same fill sent by ten callers at once is recorded once, and each of them is told the same execution', async () => {
  const portfolioId = await openFunded(PORTFOLIOS);
  const orderId = await place(portfolioId, 'shared', 'BUY', '1');
  const report = {
    ...reportOf({ portfolioId, orderId, task: 1, fill: 1 }),
    side: 'BUY' as const,
    symbol: Ticker.of('AAPL'),
  };

  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      blotter.recordExecution({ ...report, id: ExecutionId.of(anyUuid()), quantity: Quantity.of(1) }),
    ),
  );

  expect(answers.filter(({ alreadyRecorded }) => !alreadyRecorded)).toHaveLength(1);
  expect(new Set(answers.map(({ execution }) => execution.id)).size).toBe(1);
  expect((await database.read.executions.list(portfolioId)).items).toHaveLength(1);
  expect((await proveBook(database, { portfolioIds: [portfolioId] })).difference).toBe('0');
});

interface Recorded {
  readonly portfolioId: PortfolioId;
  readonly symbol: Ticker;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: Quantity;
  readonly price: Price;
  readonly commission: Money;
}

async function openFunded(number: number): Promise<PortfolioId> {
  const id = PortfolioId.of(anyUuid());
  const at = Timestamp.of('2026-01-05T09:00:00Z');
  await blotter.openPortfolio({ id, name: `portfolio ${number}`, currency: USD, openedAt: at });
  await blotter.deposit({ id: CashMovementId.of(anyUuid()), portfolioId: id, amount: Money.of(DEPOSIT, USD), at });
  return id;
}

async function place(
  portfolioId: PortfolioId,
  name: string,
  side: 'BUY' | 'SELL',
  quantity: string,
  symbol = Ticker.of('AAPL'),
): Promise<OrderId> {
  const id = OrderId.of(anyUuid());
  await blotter.placeOrder({
    id,
    portfolioId,
    clientOrderId: ClientOrderId.of(name),
    symbol,
    side,
    quantity: Quantity.of(quantity),
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    createdAt: Timestamp.of('2026-01-05T14:30:00Z'),
  });
  return id;
}

/** Every third fill sells, so positions grow, shrink and cross zero. */
async function fillOrder(portfolioId: PortfolioId, task: number, fill: number): Promise<Recorded> {
  const report = reportOf({ portfolioId, orderId: OrderId.of(anyUuid()), task, fill });
  const { side, symbol, quantity } = report;
  const orderId = await place(portfolioId, `order-${task}-${fill}`, side, quantity.toString(), symbol);
  const answer = await blotter.recordExecution({ ...report, orderId });
  expect(answer.alreadyRecorded).toBe(false);
  return report;
}

function reportOf(of: { portfolioId: PortfolioId; orderId: OrderId; task: number; fill: number }) {
  const { portfolioId, orderId, task, fill } = of;
  return {
    id: ExecutionId.of(anyUuid()),
    portfolioId,
    orderId,
    venue: Venue.of('XNAS'),
    brokerExecutionId: BrokerExecutionId.of(`fill-${task}-${fill}`),
    symbol: SYMBOLS[(task + fill) % 3 === 0 ? 1 : 0] ?? Ticker.of('AAPL'),
    side: (task * FILLS + fill) % 3 === 0 ? ('SELL' as const) : ('BUY' as const),
    quantity: Quantity.of(`${1 + (task % 4)}.${fill + 1}`),
    price: Price.of(`${100 + fill}.${task + 1}`),
    commission: Money.of('0.35', USD),
    executedAt: Timestamp.of('2026-01-05T14:30:01Z'),
  };
}

/** What must be there, reckoned without the book: sums do not care for the order in which the fills came. */
function expectedBook(portfolioId: PortfolioId, recorded: readonly Recorded[]) {
  const held = new Map<Ticker, Quantity>();
  let cash = Money.of(DEPOSIT, USD);
  let commissions = Money.zero(USD);
  const own = recorded.filter((fill) => fill.portfolioId === portfolioId);
  for (const { symbol, side, quantity, price, commission } of own) {
    const signed = side === 'BUY' ? quantity : quantity.negated();
    const notional = Money.of(signed.toDecimal().mul(price.toString()).toFixed(), USD);
    held.set(symbol, (held.get(symbol) ?? Quantity.zero).plus(signed));
    cash = cash.minus(notional).minus(commission);
    commissions = commissions.plus(commission);
  }
  return { held, cash, commissions, entries: own.length + 1 };
}

async function deadlocks(): Promise<string> {
  const [row] = await database.query<{ deadlocks: string }>(
    'select deadlocks::text from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? '';
}
