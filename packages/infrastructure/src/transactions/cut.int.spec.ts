import {
  deposit,
  openPortfolio,
  placeOrder,
  recordExecution,
  TransactionManager,
  type UnitOfWork,
} from '@blotter/application';
import {
  BlotterError,
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { uuidv7Ids } from '../uuidv7-ids.js';

const ROUNDS = 224;
const AT_ONCE = 4;
const at = Timestamp.of('2026-01-05T14:30:00Z');

interface Told {
  readonly portfolioId: PortfolioId;
  readonly outcome: string;
}

/** Writes to five tables in one transaction, each statement used for the first time on its session. */
async function wholeBook(unit: UnitOfWork, portfolioId: PortfolioId): Promise<void> {
  const orderId = OrderId.of(uuidv7Ids.next());
  const symbol = Ticker.of('AAPL');
  const quantity = Quantity.of('1.5');
  await openPortfolio(unit, { id: portfolioId, name: portfolioId, currency: Currency.of('USD'), openedAt: at });
  await deposit(unit, { id: CashMovementId.of(uuidv7Ids.next()), portfolioId, amount: Money.of('1000', 'USD'), at });
  await placeOrder(unit, {
    id: orderId,
    portfolioId,
    clientOrderId: ClientOrderId.of('1'),
    symbol,
    side: 'BUY',
    quantity,
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    createdAt: at,
  });
  await recordExecution(
    unit,
    {
      id: ExecutionId.of(uuidv7Ids.next()),
      portfolioId,
      orderId,
      venue: Venue.of('XNAS'),
      brokerExecutionId: BrokerExecutionId.of('1'),
      symbol,
      side: 'BUY',
      quantity,
      price: Price.of('100.25'),
      commission: Money.of('1', 'USD'),
      executedAt: at,
    },
    at,
  );
}

describe('A connection that is cut while a cold session uses its statements for the first time', () => {
  let testDatabase: TestDatabase;
  let direct: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    direct = await Database.connect(testDatabase.config);
  });
  afterAll(async () => {
    await direct.close();
    await testDatabase.drop();
  });

  it(
    `commits nothing in part, hangs nothing and tells each caller rightly, ${ROUNDS} times`,
    { timeout: 240_000 },
    async () => {
      const { host, port } = testDatabase.config.settings;
      const told: Told[] = [];
      /** How long the transaction took that was last seen to its end, in milliseconds: more on a busy machine. */
      let length = 450;
      const round = async (index: number) => {
        const proxy = await startTcpProxy({ host, port }, 5);
        const database = await Database.connect(
          testDatabase.configWith({ applicationName: 'cut', maxPoolSize: 1 }).at('127.0.0.1', proxy.port),
        );
        const portfolioId = PortfolioId.of(uuidv7Ids.next());
        const begun = performance.now();
        // Spread evenly over a transaction's whole length on a cold session, and a little beyond; every tenth is left whole: 201 are cut.
        const cutAfterMs = index % 10 === 0 ? undefined : (index / ROUNDS) * length * 1.15;
        const timer = cutAfterMs === undefined ? undefined : setTimeout(proxy.cut, cutAfterMs);
        try {
          await new TransactionManager(database).execute((unit) => wholeBook(unit, portfolioId));
          told.push({ portfolioId, outcome: 'COMMITTED' });
          length = performance.now() - begun;
        } catch (error) {
          told.push({ portfolioId, outcome: error instanceof BlotterError ? error.code : String(error) });
        } finally {
          clearTimeout(timer);
          await database.close();
          await proxy.close();
        }
      };
      const indexes = Array.from({ length: ROUNDS }, (_, index) => index);
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let index = indexes.shift(); index !== undefined; index = indexes.shift()) await round(index);
        }),
      );

      // A backend may still be at work after its client is gone: only when it is gone too do the rows say what happened.
      await expect
        .poll(() => direct.query(`select 1 from pg_stat_activity where application_name = 'cut'`), { timeout: 20_000 })
        .toEqual([]);
      const outcomes: Record<string, number> = {};
      for (const { portfolioId, outcome } of told) {
        const key = `${outcome}: ${await rowsOf(direct, portfolioId)}`;
        outcomes[key] = (outcomes[key] ?? 0) + 1;
      }
      const right = ['COMMITTED: all', 'CONNECTION_LOST: none', 'AMBIGUOUS_COMMIT: all', 'AMBIGUOUS_COMMIT: none'];
      expect(Object.keys(outcomes).filter((key) => !right.includes(key))).toEqual([]);
      expect(told).toHaveLength(ROUNDS);
      expect(outcomes['CONNECTION_LOST: none']).toBeGreaterThan(ROUNDS / 4);
      expect(outcomes['COMMITTED: all']).toBeGreaterThan(0);
    },
  );
});

/** 'all' when the transaction's rows are there in all five tables, 'none' when in no table, else 'partial'. */
async function rowsOf(database: Database, portfolioId: PortfolioId): Promise<string> {
  const [row] = await database.query<{ tables: number }>(
    `select (exists (select from portfolios where id = $1::uuid))::int
          + (exists (select from cash_movements where portfolio_id = $1::uuid))::int
          + (exists (select from orders where portfolio_id = $1::uuid))::int
          + (exists (select from positions where portfolio_id = $1::uuid))::int
          + (exists (select from executions where portfolio_id = $1::uuid))::int as tables`,
    [portfolioId],
  );
  return row?.tables === 5 ? 'all' : row?.tables === 0 ? 'none' : 'partial';
}
