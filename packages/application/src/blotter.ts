import type {
  CashMovement,
  ExecutionReport,
  Mark,
  NewPortfolio,
  Order,
  Portfolio,
  PortfolioSnapshot,
} from '@blotter/domain';
import { systemClock, type Clock } from './clock.js';
import { recordExecution, type RecordedExecution } from './executions/record-execution.js';
import { markToMarket } from './marks/mark-to-market.js';
import { cancelOrder, expireOrder, rejectOrder, type CloseOrder, type RejectOrder } from './orders/close-order.js';
import { markSubmitted, type MarkSubmitted } from './orders/mark-submitted.js';
import { placeOrder, type PlaceOrder } from './orders/place-order.js';
import { deposit, withdraw, type MoveCash } from './portfolios/move-cash.js';
import { openPortfolio } from './portfolios/open-portfolio.js';
import { takeSnapshot, type TakeSnapshot } from './snapshots/take-snapshot.js';
import type { RetryOptions } from './transactions/retry.js';
import { TransactionManager, type Work } from './transactions/transaction-manager.js';
import type { UnitOfWork, UnitOfWorkFactory } from './transactions/unit-of-work.js';

/**
 * The book of record: each command in a transaction of its own, repeated on what a repetition can cure.
 * Every command carries an id that you make, so the same command may be sent again at any time and has its effect once.
 * Commands that belong together go through `transactions` and the use cases' own functions.
 */
export class Blotter<Unit extends UnitOfWork = UnitOfWork> {
  readonly transactions: TransactionManager<Unit>;

  constructor(
    units: UnitOfWorkFactory<Unit>,
    private readonly options: { readonly clock?: Clock; readonly retry?: RetryOptions } = {},
  ) {
    this.transactions = new TransactionManager<Unit>(units);
  }

  /** See {@link openPortfolio}. */
  openPortfolio(command: NewPortfolio): Promise<Portfolio> {
    return this.run((unit) => openPortfolio(unit, command));
  }

  /** See {@link deposit}. */
  deposit(command: MoveCash): Promise<CashMovement> {
    return this.run((unit) => deposit(unit, command));
  }

  /** See {@link withdraw}. */
  withdraw(command: MoveCash): Promise<CashMovement> {
    return this.run((unit) => withdraw(unit, command));
  }

  /** See {@link placeOrder}. */
  placeOrder(command: PlaceOrder): Promise<Order> {
    return this.run((unit) => placeOrder(unit, command));
  }

  /** See {@link markSubmitted}. */
  markSubmitted(command: MarkSubmitted): Promise<Order> {
    return this.run((unit) => markSubmitted(unit, command));
  }

  /** See {@link recordExecution}. */
  recordExecution(report: ExecutionReport): Promise<RecordedExecution> {
    const recordedAt = (this.options.clock ?? systemClock).now();
    return this.run((unit) => recordExecution(unit, report, recordedAt));
  }

  /** See {@link cancelOrder}. */
  cancelOrder(command: CloseOrder): Promise<Order> {
    return this.run((unit) => cancelOrder(unit, command));
  }

  /** See {@link rejectOrder}. */
  rejectOrder(command: RejectOrder): Promise<Order> {
    return this.run((unit) => rejectOrder(unit, command));
  }

  /** See {@link expireOrder}. */
  expireOrder(command: CloseOrder): Promise<Order> {
    return this.run((unit) => expireOrder(unit, command));
  }

  /** See {@link markToMarket}. */
  markToMarket(marks: readonly Mark[]): Promise<void> {
    return this.run((unit) => markToMarket(unit, marks));
  }

  /** See {@link takeSnapshot}. */
  takeSnapshot(command: TakeSnapshot): Promise<PortfolioSnapshot> {
    return this.run((unit) => takeSnapshot(unit, command));
  }

  private run<Result>(work: Work<Result>): Promise<Result> {
    return this.transactions.executeWithRetry(work, this.options.retry);
  }
}
