import type { BookReader, TransactionOptions, UnitOfWork, UnitOfWorkFactory } from '../../transactions/unit-of-work.js';
import { CommittedBook } from './committed-book.js';
import { InMemoryCashMovementReader } from './in-memory-cash-movement-repository.js';
import { InMemoryExecutionReader } from './in-memory-execution-repository.js';
import { InMemoryMarkReader } from './in-memory-mark-repository.js';
import { InMemoryOrderReader } from './in-memory-order-repository.js';
import { InMemoryPortfolioReader } from './in-memory-portfolio-repository.js';
import { InMemoryPositionReader } from './in-memory-position-repository.js';
import { InMemorySnapshotReader } from './in-memory-snapshot-repository.js';
import { InMemoryTransaction } from './in-memory-transaction.js';
import { InMemoryUnitOfWork } from './in-memory-unit-of-work.js';
import { LockTable } from './lock-table.js';
import type { Ask } from './repository-access.js';

/**
 * A whole book in memory, for tests of what is built on one. It passes the same contract suites as the PostgreSQL adapter:
 * units of work, row locks, deadlocks, versions, unique and foreign keys behave as PostgreSQL's do at READ COMMITTED.
 * The stricter isolation levels are accepted and behave as READ COMMITTED, so nothing ever fails to serialise.
 * @example const blotter = new Blotter(new InMemoryBook());
 */
export class InMemoryBook implements UnitOfWorkFactory {
  protected readonly committed = new CommittedBook();
  protected readonly locks = new LockTable();
  /** What is committed. */
  readonly read: BookReader;

  constructor() {
    const ask: Ask = (read) => Promise.resolve(this.committed).then(read);
    this.read = {
      portfolios: new InMemoryPortfolioReader(ask),
      orders: new InMemoryOrderReader(ask),
      positions: new InMemoryPositionReader(ask),
      executions: new InMemoryExecutionReader(ask),
      cashMovements: new InMemoryCashMovementReader(ask),
      snapshots: new InMemorySnapshotReader(ask),
      marks: new InMemoryMarkReader(ask),
    };
  }

  begin(options?: TransactionOptions): UnitOfWork {
    return new InMemoryUnitOfWork(new InMemoryTransaction(this.committed, this.locks, options), options);
  }
}
