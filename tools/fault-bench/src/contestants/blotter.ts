import { setTimeout as delay } from 'node:timers/promises';
import {
  AmbiguousCommitError,
  deposit,
  openPortfolio,
  placeOrder,
  recordExecution,
  systemClock,
  TransactionManager,
  untilKnown,
  type WaitOptions,
} from '@blotter/application';
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
  type ExecutionReport,
} from '@blotter/domain';
import { Database, DatabaseConfig, type DatabaseSettings } from '@blotter/infrastructure';
import type { ChapterCommand, FillCommand } from '../workload/commands.js';
import type { Contestant, GivenUp, OpenBook, OpenOptions } from './contestant.js';

const KNOWN_WITHIN_MS = 15_000;

/** Blotter, through its use cases. */
export const blotter: Contestant = {
  open,
  readError: (error) => (error instanceof AmbiguousCommitError ? 'unknown' : 'not written'),
  untilKnown: (command) => untilKnown(command, { timeoutMs: KNOWN_WITHIN_MS }),
};

async function open({ url, sessions, applicationName, deadlineMs }: OpenOptions): Promise<OpenBook> {
  const settings: DatabaseSettings = {
    applicationName,
    minPoolSize: sessions,
    maxPoolSize: sessions,
    sharedReadSessions: 1,
    ...(deadlineMs !== undefined && { commandTimeoutMs: deadlineMs, connectTimeoutMs: deadlineMs }),
  };
  const database = await Database.connect(DatabaseConfig.fromUrl(url, settings));
  const transactions = new TransactionManager(database);
  return {
    writeChapter: (command) => transactions.execute((unit) => writeChapter(unit, command)),
    recordFill: async (command, givenUp) => {
      await transactions.execute(
        (unit) => recordExecution(unit, reportOf(command), systemClock.now()),
        waitUntil(givenUp),
      );
    },
    read: async () => {
      await database.read.marks.find(Ticker.of('AAPL'));
    },
    runStatement: async (text) => {
      await database.query(text);
    },
    countSessions: () => database.statistics().sessions,
    close: (drainMs) => database.close({ drainMs }),
  };
}

async function writeChapter(unit: Parameters<typeof openPortfolio>[0], command: ChapterCommand): Promise<void> {
  const portfolioId = PortfolioId.of(command.portfolioId);
  const at = Timestamp.of(command.fill.at);
  await openPortfolio(unit, {
    id: portfolioId,
    name: command.portfolioId,
    currency: Currency.of('USD'),
    openedAt: at,
  });
  await deposit(unit, {
    id: CashMovementId.of(command.movementId),
    portfolioId,
    amount: Money.of(command.deposit, 'USD'),
    at,
  });
  if (command.pauseMs > 0) await delay(command.pauseMs);
  await placeOrder(unit, {
    id: OrderId.of(command.orderId),
    portfolioId,
    clientOrderId: ClientOrderId.of(command.orderId),
    symbol: Ticker.of(command.fill.symbol),
    side: 'BUY',
    quantity: Quantity.of(command.orderQuantity),
    terms: OrderTerms.market,
    timeInForce: 'DAY',
    createdAt: at,
  });
  await recordExecution(unit, reportOf(command.fill), systemClock.now());
}

function waitUntil(givenUp: GivenUp | undefined): WaitOptions {
  if (givenUp === undefined) return {};
  return givenUp.by === 'abort' ? { signal: AbortSignal.timeout(givenUp.afterMs) } : { timeoutMs: givenUp.afterMs };
}

function reportOf(fill: FillCommand): ExecutionReport {
  return {
    id: ExecutionId.of(fill.executionId),
    portfolioId: PortfolioId.of(fill.portfolioId),
    orderId: OrderId.of(fill.orderId),
    venue: Venue.of('XNAS'),
    brokerExecutionId: BrokerExecutionId.of(fill.executionId),
    symbol: Ticker.of(fill.symbol),
    side: 'BUY',
    quantity: Quantity.of(fill.quantity),
    price: Price.of(fill.price),
    commission: Money.of(fill.commission, 'USD'),
    executedAt: Timestamp.of(fill.at),
  };
}
