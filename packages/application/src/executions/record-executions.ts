import {
  checkedReport,
  hasLimits,
  type Execution,
  type ExecutionKey,
  type ExecutionReport,
  type Order,
  type OrderId,
  type Portfolio,
  type PortfolioId,
  type Position,
  type Timestamp,
} from '@blotter/domain';
import { NotFoundError } from '../errors.js';
import { HoldingsWatch } from '../portfolios/holdings-watch.js';
import type { OpenPositionKey } from '../positions/position-repository.js';
import { inParts, oneOfEach, sortedIds } from '../transactions/look-up.js';
import { settled, valuesOf } from '../transactions/settled.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';
import { bookFill, recorded, repeated, type BookedFill, type RecordedExecution } from './record-execution.js';

/** A report, and when it came. */
export interface ReceivedReport {
  readonly report: ExecutionReport;
  readonly recordedAt: Timestamp;
}

/**
 * Records many fills, of one portfolio or of several: the same book, to the last digit and version, as `recordExecution` makes of
 * the same reports one after the other, in a few round trips. A repetition within the reports is recognised as one of the book is.
 * When it throws, the unit is not to be committed: all of the reports are recorded, or none.
 * @returns what became of each report, in their order
 * @throws as recordExecution: the error of the first report that has one
 */
export async function recordExecutions(
  unit: UnitOfWork,
  reports: readonly ExecutionReport[],
  recordedAt: Timestamp,
): Promise<RecordedExecution[]> {
  const outcomes = await settleExecutions(
    unit,
    reports.map((report) => ({ report, recordedAt })),
  );
  return valuesOf(outcomes);
}

/**
 * {@link recordExecutions}, each report with an outcome of its own: what is wrong with one leaves nothing, and the others stand.
 * @throws MissingPriceError, as recordExecution, when the limits of a portfolio cannot be judged: then nothing stands
 */
export async function settleExecutions(
  unit: UnitOfWork,
  received: readonly ReceivedReport[],
): Promise<PromiseSettledResult<RecordedExecution>[]> {
  const checked = received.map(({ report, recordedAt }) =>
    settled(() => ({ report: checkedReport(report), recordedAt })),
  );
  const good = checked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.report] : []));
  const book = await lockBook(unit, good);
  return checked.map((outcome) => {
    if (outcome.status === 'rejected') return outcome;
    const booked = settled(() => record(unit, outcome.value, book));
    // Outside of `settled`: what is registered already cannot be taken back alone.
    return booked.status === 'rejected' ? booked : { status: 'fulfilled', value: judged(booked.value, book) };
  });
}

/** The rows that reports are about, as those before them have left them. */
interface LockedBook {
  readonly portfolios: Map<PortfolioId, Portfolio>;
  readonly orders: Map<OrderId, Order>;
  /** Open positions by {@link positionKey}. */
  readonly open: Map<string, Position>;
  /** By {@link executionKey}. */
  readonly recorded: Map<string, Execution>;
  /** Of the portfolios that have limits. */
  readonly watches: Map<PortfolioId, HoldingsWatch>;
}

type Recorded = { readonly again: RecordedExecution } | { readonly booked: BookedFill };

/** In this order: portfolios, orders, positions. The look-up comes behind the portfolios' locks, so it sees what was recorded under them. */
async function lockBook(unit: UnitOfWork, reports: readonly ExecutionReport[]): Promise<LockedBook> {
  const keys = oneOfEach(reports, positionKey);
  const [portfolios, orders, positions, executions] = await Promise.all([
    inParts(sortedIds(reports.map(({ portfolioId }) => portfolioId)), (ids) => unit.portfolios.findAllForUpdate(ids)),
    inParts(sortedIds(reports.map(({ orderId }) => orderId)), (ids) => unit.orders.findAllForUpdate(ids)),
    inParts(keys, (part) => unit.positions.findAllOpenForUpdate(part)),
    inParts(reports, (part) => unit.executions.findAllByKey(part)),
  ]);
  const watches = new Map<PortfolioId, HoldingsWatch>();
  for (const { id } of portfolios.filter(({ limits }) => hasLimits(limits))) {
    const symbols = keys.filter(({ portfolioId }) => portfolioId === id).map(({ symbol }) => symbol);
    watches.set(id, await HoldingsWatch.read(unit, id, symbols));
  }
  return {
    portfolios: new Map(portfolios.map((portfolio) => [portfolio.id, portfolio])),
    orders: new Map(orders.map((order) => [order.id, order])),
    open: new Map(positions.map((position) => [positionKey(position), position])),
    recorded: new Map(executions.map((execution) => [executionKey(execution), execution])),
    watches,
  };
}

function record(unit: UnitOfWork, { report, recordedAt }: ReceivedReport, book: LockedBook): Recorded {
  const { portfolioId, orderId, symbol } = report;
  const portfolio = book.portfolios.get(portfolioId);
  if (!portfolio) throw new NotFoundError('portfolio', portfolioId);
  const order = book.orders.get(orderId);
  if (!order) throw new NotFoundError('order', orderId);
  const present = book.recorded.get(executionKey(report));
  if (present) return { again: repeated(present, report) };
  const position = positionKey(report);
  const booked = bookFill(unit, report, recordedAt, { portfolio, order, held: book.open.get(position) });
  const { execution, change } = booked;
  book.portfolios.set(portfolioId, booked.portfolio);
  book.orders.set(orderId, booked.order);
  book.recorded.set(executionKey(execution), execution);
  if (change.open) book.open.set(position, change.open);
  else book.open.delete(position);
  const watch = book.watches.get(portfolioId);
  watch?.hold(symbol, change.open);
  watch?.order(booked.order);
  return { booked };
}

function judged(made: Recorded, { watches }: LockedBook): RecordedExecution {
  if ('again' in made) return made.again;
  const { portfolio, isLarger } = made.booked;
  return recorded(made.booked, (isLarger && watches.get(portfolio.id)?.breaches(portfolio)) || []);
}

/** No part of a key has this character. */
const BETWEEN = '\0';

function executionKey({ portfolioId, venue, symbol, side, brokerExecutionId }: ExecutionKey): string {
  return [portfolioId, venue, symbol, side, brokerExecutionId].join(BETWEEN);
}

function positionKey({ portfolioId, symbol }: OpenPositionKey): string {
  return portfolioId + BETWEEN + symbol;
}
