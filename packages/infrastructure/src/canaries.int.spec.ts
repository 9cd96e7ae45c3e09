import { Blotter, TransactionManager, type UnitOfWork } from '@blotter/application';
import {
  BrokerExecutionId,
  BrokerOrderId,
  ClientOrderId,
  Execution,
  Money,
  Order,
  OrderTerms,
  Price,
  Quantity,
  Tags,
  Ticker,
  type NewOrder,
  type Portfolio,
} from '@blotter/domain';
import {
  anyMovementOf,
  anyNewOrder,
  anyNewPortfolio,
  anyOrder,
  anyPortfolio,
  anyReportOf,
  anyUuid,
} from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY_AMOUNT, CANARY_PRICE, CANARY_QUANTITY, canariesIn } from '../test/canaries.js';
import { recordingLogger } from '../test/recording-logger.js';
import { installTelemetrySdk } from '../test/telemetry-sdk.js';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';

const sdk = installTelemetrySdk();
const logger = recordingLogger();
let storage: TestDatabase;
let database: Database;
let blotter: Blotter;
let portfolio: Portfolio;
/** Stored, with a fill. */
let order: Order;

beforeAll(async () => {
  storage = await createTestDatabase();
  database = await Database.connect(storage.config, { logger });
  blotter = new Blotter(database, { retry: { attempts: 1 } });
  const tags = Tags.of({ canary: 'canary' });
  portfolio = await blotter.openPortfolio(anyNewPortfolio({ name: 'canary portfolio', tags }));
  await blotter.deposit(anyMovementOf(portfolio, { amount: Money.of(CANARY_AMOUNT, 'USD') }));
  order = await blotter.placeOrder(canaryOrder());
  await blotter.recordExecution(canaryFill());
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

function canaryOrder(given: Partial<NewOrder> = {}): NewOrder {
  return anyNewOrder({
    portfolioId: portfolio.id,
    clientOrderId: ClientOrderId.of(`canary-${anyUuid()}`),
    quantity: CANARY_QUANTITY,
    terms: OrderTerms.limit(CANARY_PRICE),
    tags: Tags.of({ canary: 'canary' }),
    ...given,
  });
}

function canaryFill() {
  return anyReportOf(order, {
    brokerExecutionId: BrokerExecutionId.of('canary-fill'),
    quantity: CANARY_QUANTITY,
    price: CANARY_PRICE,
    commission: Money.of('31.337424242', 'USD'),
  });
}

function inUnit(work: (unit: UnitOfWork) => unknown): Promise<unknown> {
  return new TransactionManager(database).execute(async (unit) => {
    await work(unit);
  });
}

type Provocation = readonly [what: string, code: string, provoke: () => Promise<unknown>];

const PROVOCATIONS: readonly Provocation[] = [
  ['a name that is taken', 'DUPLICATE', () => blotter.openPortfolio(anyNewPortfolio({ name: portfolio.name }))],
  [
    'a client order id that is taken',
    'DUPLICATE',
    () => blotter.placeOrder(canaryOrder({ clientOrderId: order.clientOrderId })),
  ],
  [
    'the same, as the server finds it',
    'DUPLICATE',
    () => inUnit((unit) => unit.orders.save(anyOrder(canaryOrder({ clientOrderId: order.clientOrderId })))),
  ],
  [
    'a fill that is there, as the server finds it',
    'DUPLICATE',
    () =>
      inUnit((unit) => {
        unit.executions.add(Execution.record(canaryFill(), { sequence: 9, recordedAt: order.createdAt }));
      }),
  ],
  [
    'a fill with other content',
    'EXECUTION_CONFLICT',
    () => blotter.recordExecution({ ...canaryFill(), price: Price.of('313.37424242') }),
  ],
  [
    'the id of another order',
    'COMMAND_CONFLICT',
    () => blotter.placeOrder(canaryOrder({ id: order.id, quantity: Quantity.of('313.37424242') })),
  ],
  [
    'an order of no portfolio',
    'INTEGRITY',
    () => inUnit((unit) => unit.orders.save(anyOrder(canaryOrder({ portfolioId: anyPortfolio().id })))),
  ],
  [
    'the removal of what has history',
    'INTEGRITY',
    () =>
      inUnit(async (unit) => {
        unit.portfolios.remove(await unit.portfolios.getForUpdate(portfolio.id));
      }),
  ],
  [
    'a withdrawal of too much',
    'INSUFFICIENT_CASH',
    () => blotter.withdraw(anyMovementOf(portfolio, { amount: Money.of(`${CANARY_AMOUNT}0`, 'USD') })),
  ],
  ['a stale version', 'CONCURRENCY', () => inUnit((unit) => unit.portfolios.save(portfolio))],
  [
    'a step that the order cannot take',
    'INVALID_TRANSITION',
    () => blotter.cancelOrder({ orderId: order.id, at: order.createdAt, reason: 'canary' }),
  ],
  [
    'another id of the broker',
    'COMMAND_CONFLICT',
    async () => {
      const { id: orderId, createdAt: at } = order;
      for (const brokerOrderId of ['canary-1', 'canary-2'].map((id) => BrokerOrderId.of(id))) {
        await blotter.markSubmitted({ orderId, brokerOrderId, at });
      }
    },
  ],
  [
    'an order beyond a limit',
    'LIMIT_BREACHED',
    async () => {
      const limits = { maxPositionValue: Money.of('31.337424242', 'USD') };
      const { id } = await blotter.openPortfolio(anyNewPortfolio({ limits }));
      await blotter.placeOrder(canaryOrder({ portfolioId: id }));
    },
  ],
  ['a price that is none', 'NOT_A_DECIMAL', () => inUnit(() => Price.of('canary'))],
  [
    'an amount with too many decimals',
    'TOO_MANY_DECIMALS',
    () => inUnit(() => Money.of(`0.${'31337424242'.repeat(2)}`, 'USD')),
  ],
  ['a ticker that is none', 'INVALID_TICKER', () => inUnit(() => Ticker.of('canary'))],
  ['an id that is none', 'INVALID_TEXT', () => inUnit(() => ClientOrderId.of('canary\n'))],
];

describe('a command that fails', () => {
  it.each(PROVOCATIONS)('by %s, which is %s, shows no value', async (_, code, provoke) => {
    const error: unknown = await provoke().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(canariesIn(error)).toEqual([]);
  });
});

describe('what the book tells of itself', () => {
  it('shows no value in any log line, span or metric, of commands that succeed, fail and are repeated', async () => {
    let runs = 0;
    await new TransactionManager(database).executeWithRetry(async (unit) => {
      runs += 1;
      const { version } = await unit.portfolios.get(portfolio.id);
      unit.portfolios.save(runs === 1 ? portfolio : await unit.portfolios.get(portfolio.id));
      expect(version).toBeGreaterThan(portfolio.version);
    });
    const told = await sdk.everything();
    expect(logger.lines.map(({ message }) => message)).toContain('work is repeated');
    expect(sdk.spans().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['record execution', 'execution insert', 'TRANSACTION place order']),
    );
    expect(sdk.spans().filter(({ status }) => status.message !== undefined).length).toBeGreaterThan(
      PROVOCATIONS.length / 2,
    );
    expect(canariesIn([told, logger.lines])).toEqual([]);
  });
});
