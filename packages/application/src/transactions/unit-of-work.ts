import type { Order, Portfolio, Position } from '@blotter/domain';
import type { ExecutionReader, ExecutionRepository } from '../executions/execution-repository.js';
import type { MarkReader, MarkRepository } from '../marks/mark-repository.js';
import type { OrderReader, OrderRepository } from '../orders/order-repository.js';
import type { CashMovementReader, CashMovementRepository } from '../portfolios/cash-movement-repository.js';
import type { PortfolioReader, PortfolioRepository } from '../portfolios/portfolio-repository.js';
import type { PositionReader, PositionRepository } from '../positions/position-repository.js';
import type { SnapshotReader, SnapshotRepository } from '../snapshots/snapshot-repository.js';
import type { WaitOptions } from './interruption.js';
import type { Retry } from './retry.js';

/** What can be read from the book. */
export interface BookReader {
  readonly portfolios: PortfolioReader;
  readonly orders: OrderReader;
  readonly positions: PositionReader;
  readonly executions: ExecutionReader;
  readonly cashMovements: CashMovementReader;
  readonly snapshots: SnapshotReader;
  readonly marks: MarkReader;
}

/**
 * Everything that happens together, or not at all.
 *
 * Reads return promises and see what was saved before them. Writes are registered and return at once; they go out with the
 * next read, with `flush` or with `commit`, and their errors surface there. A failed write ends the unit.
 * Unless it is committed, it is rolled back: `await using unit = transactions.begin()`.
 * A unit of work belongs to one task. Every call on it after its end, on a repository kept from it too, throws
 * TransactionNotActiveError; a commit or a savepoint while another call is under way throws UnitOfWorkBusyError.
 */
export interface UnitOfWork extends BookReader, AsyncDisposable {
  readonly portfolios: PortfolioRepository;
  readonly orders: OrderRepository;
  readonly positions: PositionRepository;
  readonly executions: ExecutionRepository;
  readonly cashMovements: CashMovementRepository;
  readonly snapshots: SnapshotRepository;
  readonly marks: MarkRepository;

  /** Neither committed nor rolled back nor failed. */
  readonly isActive: boolean;

  /** Sends what was registered and waits for it. @throws ConcurrencyError, DuplicateError, IntegrityError naming the entity */
  flush(): Promise<void>;

  /** The entity as this transaction sees it now. @throws NotFoundError when it is gone */
  refresh<Entity extends Portfolio | Order | Position>(entity: Entity): Promise<Entity>;

  /**
   * Runs work that can be undone alone: when it throws, what it wrote is rolled back, versions included, and the error is passed on;
   * the unit stays active. Flushes first. The work is given a unit of its own, which ends with it and cannot be committed;
   * meanwhile this one refuses every call, so that no other task's writes are undone with the savepoint.
   * @throws UnitOfWorkBusyError while another call is under way
   */
  savepoint<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result>;

  /** @throws what `flush` throws; CommitFailedError; AmbiguousCommitError when nobody knows; UnitOfWorkBusyError while another call is under way */
  commit(): Promise<void>;

  /** Undoes everything. Does nothing on a unit that has failed already. */
  rollback(): Promise<void>;
}

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable';

/**
 * `timeoutMs` and `signal` end the whole transaction, the wait for a session included. Where COMMIT may have been sent by then,
 * the error is AmbiguousCommitError.
 */
export interface TransactionOptions extends WaitOptions {
  /** What traces and log lines call the transaction: a few fixed words, such as "record execution"; never a value. */
  readonly name?: string | undefined;
  /** `read committed` unless said otherwise. */
  readonly isolation?: IsolationLevel | undefined;
  readonly readOnly?: boolean | undefined;
  /** With `serializable` and `readOnly`: waits for a moment at which it can neither fail nor make others fail. */
  readonly deferrable?: boolean | undefined;
  /**
   * A unit that only writes is committed together with others that come at the same time: more of them a second where many tasks
   * wait, and for each up to one more commit's time. Each keeps an outcome of its own. Units that read are not grouped.
   */
  readonly group?: boolean | undefined;
}

/** Makes units of work; an adapter's own kind of unit may do more than the port says. */
export interface UnitOfWorkFactory<Unit extends UnitOfWork = UnitOfWork> {
  /** A new unit of work. Nothing is sent before its first read or flush. */
  begin(options?: TransactionOptions): Unit;

  /**
   * For adapters that trace or log: runs work with all its repetitions, and wants to be told of each. Settles as the work does.
   */
  observe?<Result>(
    name: string | undefined,
    work: (onRetry: (retry: Retry) => void) => Promise<Result>,
  ): Promise<Result>;

  /** For adapters that trace: runs what is done for many callers at once, so that it belongs to the trace of none of them. */
  detached?<Result>(work: () => Result): Result;
}
