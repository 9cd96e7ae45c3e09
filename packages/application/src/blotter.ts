import type {
  CashMovement,
  ExecutionReport,
  Mark,
  NewPortfolio,
  Order,
  Portfolio,
  PortfolioSnapshot,
  Timestamp,
} from '@blotter/domain';
import { systemClock, type Clock } from './clock.js';
import { recordExecution, type RecordedExecution } from './executions/record-execution.js';
import { recordExecutions, settleExecutions, type ReceivedReport } from './executions/record-executions.js';
import { markToMarket } from './marks/mark-to-market.js';
import { cancelOrder, expireOrder, rejectOrder, type CloseOrder, type RejectOrder } from './orders/close-order.js';
import { markSubmitted, type MarkSubmitted } from './orders/mark-submitted.js';
import { placeOrder, type PlaceOrder } from './orders/place-order.js';
import { placeOrders, settleOrders } from './orders/place-orders.js';
import { deposit, withdraw, type MoveCash } from './portfolios/move-cash.js';
import { openPortfolio } from './portfolios/open-portfolio.js';
import { takeSnapshot, type TakeSnapshot } from './snapshots/take-snapshot.js';
import { GroupedCommands } from './transactions/grouped-commands.js';
import type { WaitOptions } from './transactions/interruption.js';
import type { RetryOptions } from './transactions/retry.js';
import { TransactionManager, type Work } from './transactions/transaction-manager.js';
import type { UnitOfWork, UnitOfWorkFactory } from './transactions/unit-of-work.js';

export interface BlotterOptions {
  /** The system's unless another is given. */
  readonly clock?: Clock | undefined;
  readonly retry?: RetryOptions | undefined;
  /**
   * Gathers the orders and executions that come while others are under way into transactions of many; docs/bulk.md says what it
   * costs and brings. Not unless said.
   */
  readonly group?: boolean | undefined;
}

/**
 * The book of record: each command in a transaction of its own, repeated on what a repetition can cure.
 * Every command carries an id that you make, so the same command may be sent again at any time and has its effect once:
 * on AmbiguousCommitError too, as `untilKnown` does. `wait` ends the whole command, its repetitions included.
 * Commands that belong together go through `transactions` and the use cases' own functions.
 */
export class Blotter<Unit extends UnitOfWork = UnitOfWork> {
  readonly transactions: TransactionManager<Unit>;
  private readonly groupedOrders: GroupedCommands<PlaceOrder, Order> | undefined;
  private readonly groupedReports: GroupedCommands<ReceivedReport, RecordedExecution> | undefined;

  constructor(
    units: UnitOfWorkFactory<Unit>,
    private readonly options: BlotterOptions = {},
  ) {
    this.transactions = new TransactionManager<Unit>(units);
    if (!options.group) return;
    const forMany = <Result>(name: string, work: Work<Result>) => {
      const run = () => this.run(name, work);
      return units.detached?.(run) ?? run();
    };
    this.groupedOrders = new GroupedCommands({
      keyOf: ({ portfolioId }) => portfolioId,
      alone: (command, wait) => this.placeAlone(command, wait),
      together: (commands) => forMany('place orders', (unit) => settleOrders(unit, commands)),
    });
    this.groupedReports = new GroupedCommands({
      keyOf: ({ report }) => report.portfolioId,
      alone: (received, wait) => this.recordAlone(received, wait),
      together: (received) => forMany('record executions', (unit) => settleExecutions(unit, received)),
    });
  }

  /** See {@link openPortfolio}. */
  openPortfolio(command: NewPortfolio, wait?: WaitOptions): Promise<Portfolio> {
    return this.run('open portfolio', (unit) => openPortfolio(unit, command), wait);
  }

  /** See {@link deposit}. */
  deposit(command: MoveCash, wait?: WaitOptions): Promise<CashMovement> {
    return this.run('deposit', (unit) => deposit(unit, command), wait);
  }

  /** See {@link withdraw}. */
  withdraw(command: MoveCash, wait?: WaitOptions): Promise<CashMovement> {
    return this.run('withdraw', (unit) => withdraw(unit, command), wait);
  }

  /** See {@link placeOrder}. */
  placeOrder(command: PlaceOrder, wait?: WaitOptions): Promise<Order> {
    return this.groupedOrders?.send(command, wait) ?? this.placeAlone(command, wait);
  }

  /** See {@link placeOrders}: all of the orders, or none. */
  placeOrders(commands: readonly PlaceOrder[], wait?: WaitOptions): Promise<Order[]> {
    return this.run('place orders', (unit) => placeOrders(unit, commands), wait);
  }

  /** See {@link markSubmitted}. */
  markSubmitted(command: MarkSubmitted, wait?: WaitOptions): Promise<Order> {
    return this.run('mark submitted', (unit) => markSubmitted(unit, command), wait);
  }

  /** See {@link recordExecution}. */
  recordExecution(report: ExecutionReport, wait?: WaitOptions): Promise<RecordedExecution> {
    const received = { report, recordedAt: this.now() };
    return this.groupedReports?.send(received, wait) ?? this.recordAlone(received, wait);
  }

  /** See {@link recordExecutions}: all of the reports, or none. */
  recordExecutions(reports: readonly ExecutionReport[], wait?: WaitOptions): Promise<RecordedExecution[]> {
    const recordedAt = this.now();
    return this.run('record executions', (unit) => recordExecutions(unit, reports, recordedAt), wait);
  }

  /** See {@link cancelOrder}. */
  cancelOrder(command: CloseOrder, wait?: WaitOptions): Promise<Order> {
    return this.run('cancel order', (unit) => cancelOrder(unit, command), wait);
  }

  /** See {@link rejectOrder}. */
  rejectOrder(command: RejectOrder, wait?: WaitOptions): Promise<Order> {
    return this.run('reject order', (unit) => rejectOrder(unit, command), wait);
  }

  /** See {@link expireOrder}. */
  expireOrder(command: CloseOrder, wait?: WaitOptions): Promise<Order> {
    return this.run('expire order', (unit) => expireOrder(unit, command), wait);
  }

  /** See {@link markToMarket}. */
  markToMarket(marks: readonly Mark[], wait?: WaitOptions): Promise<void> {
    return this.run('mark to market', (unit) => markToMarket(unit, marks), wait);
  }

  /** See {@link takeSnapshot}. */
  takeSnapshot(command: TakeSnapshot, wait?: WaitOptions): Promise<PortfolioSnapshot> {
    return this.run('take snapshot', (unit) => takeSnapshot(unit, command), wait);
  }

  private placeAlone(command: PlaceOrder, wait?: WaitOptions): Promise<Order> {
    return this.run('place order', (unit) => placeOrder(unit, command), wait);
  }

  private recordAlone({ report, recordedAt }: ReceivedReport, wait?: WaitOptions): Promise<RecordedExecution> {
    // Few fills meet another of their portfolio: the first attempt takes no locks, and those behind a conflict do.
    const work: Work<RecordedExecution> = (unit, attempt) =>
      recordExecution(unit, report, recordedAt, { locks: attempt > 1 });
    return this.run('record execution', work, wait);
  }

  private now(): Timestamp {
    return (this.options.clock ?? systemClock).now();
  }

  private run<Result>(name: string, work: Work<Result>, wait?: WaitOptions): Promise<Result> {
    return this.transactions.executeWithRetry(work, { name, ...this.options.retry, ...wait });
  }
}
