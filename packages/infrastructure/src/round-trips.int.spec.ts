import { Blotter, type PlaceOrder } from '@blotter/application';
import { anyPortfolio, anyReport, randomId } from '@blotter/application/testing';
import {
  ClientOrderId,
  OrderId,
  OrderTerms,
  Quantity,
  Ticker,
  Timestamp,
  type Order,
  type Portfolio,
} from '@blotter/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';

/** Proxy and client share one event loop, so with a delay on the way no answer comes between two writes of one burst. */
const DELAY_MS = 20;

let storage: TestDatabase;
let proxy: TcpProxy;
let database: Database;
let blotter: Blotter;
let portfolio: Portfolio;

beforeAll(async () => {
  storage = await createTestDatabase();
  const { host, port } = storage.config.settings;
  proxy = await startTcpProxy({ host, port }, DELAY_MS);
  database = await Database.connect(storage.configWith({ maxPoolSize: 1 }).at('127.0.0.1', proxy.port));
  blotter = new Blotter(database);
  portfolio = await blotter.openPortfolio(anyPortfolio());
  // Once through each statement: one that opens the position, and one that changes it. Afterwards the one session is warm.
  for (let fill = 0; fill < 2; fill += 1) await blotter.recordExecution(partOf(await blotter.placeOrder(anyCommand())));
});
afterAll(async () => {
  await database.close();
  await proxy.close();
  await storage.drop();
});

test('placing an order takes two round trips on a portfolio without limits: what decides, and the order with COMMIT', async () => {
  expect(await roundTripsOf(() => blotter.placeOrder(anyCommand()))).toBe(2);
});

test('recording a fill takes two round trips on a portfolio without limits: what it decides on, and the writes, which are the transaction', async () => {
  const order = await blotter.placeOrder(anyCommand());
  expect(await roundTripsOf(() => blotter.recordExecution(partOf(order)))).toBe(2);
  expect(await roundTripsOf(() => blotter.recordExecution(partOf(order)))).toBe(2);
});

test('the proxy counts what waits for an answer, and nothing else', async () => {
  const pipelined = async () => {
    await using unit = database.begin();
    await Promise.all([unit.portfolios.get(portfolio.id), unit.orders.listActive(portfolio.id)]);
    await unit.portfolios.get(portfolio.id);
    await unit.commit();
  };
  await pipelined();
  expect(await roundTripsOf(pipelined)).toBe(3);
});

async function roundTripsOf(work: () => Promise<unknown>): Promise<number> {
  const before = proxy.bursts;
  await work();
  return proxy.bursts - before;
}

function anyCommand(): PlaceOrder {
  return {
    id: OrderId.of(randomId()),
    portfolioId: portfolio.id,
    clientOrderId: ClientOrderId.of(randomId()),
    symbol: Ticker.of('AAPL'),
    side: 'BUY',
    quantity: Quantity.of(10),
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    createdAt: Timestamp.of('2026-01-05T14:30:00Z'),
  };
}

function partOf(order: Order) {
  return anyReport(order, { quantity: Quantity.of(1) });
}
