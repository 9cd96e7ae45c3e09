import { NotFoundError, UnitOfWorkBusyError, type UnitOfWork, type WriteSet } from '@blotter/application';
import { Order, Portfolio, type Position } from '@blotter/domain';
import type { PlainParameters } from '../database/plain-sql.js';
import { cursorRows, type RowStreamer } from '../database/row-stream.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import { PostgresExecutionRepository } from '../executions/postgres-execution-repository.js';
import { PostgresMarkRepository } from '../marks/postgres-mark-repository.js';
import { PostgresOrderRepository } from '../orders/postgres-order-repository.js';
import { PostgresCashMovementRepository } from '../portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioRepository } from '../portfolios/postgres-portfolio-repository.js';
import { PostgresPositionRepository } from '../positions/postgres-position-repository.js';
import { PostgresSnapshotRepository } from '../snapshots/postgres-snapshot-repository.js';
import type { EarlyReader } from './early-reader.js';
import type { UnitTransaction } from './unit-transaction.js';
import type { WriteRegister } from './write-register.js';

/** A unit of work over one transaction, or the part of one that a savepoint's work does. */
export class PostgresUnitOfWork implements UnitOfWork, StatementRunner, RowStreamer, WriteRegister, EarlyReader {
  readonly portfolios = new PostgresPortfolioRepository(this, this);
  readonly orders = new PostgresOrderRepository(this, this);
  readonly positions = new PostgresPositionRepository(this, this);
  readonly executions = new PostgresExecutionRepository(this, this, this);
  readonly cashMovements = new PostgresCashMovementRepository(this, this);
  readonly snapshots = new PostgresSnapshotRepository(this, this);
  readonly marks = new PostgresMarkRepository(this, this);

  /** The numbers of those that are open. */
  private readonly cursors = new Set<number>();

  constructor(
    private readonly transaction: UnitTransaction,
    private readonly depth = 0,
  ) {
    transaction.enter(this);
  }

  get isActive(): boolean {
    return this.transaction.isActiveFor(this);
  }

  /** For the repositories. */
  register(): WriteSet {
    this.transaction.checkUsable(this);
    return this.transaction.writes;
  }

  /** For the repositories: sends what was registered, and a read behind it. */
  run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    return this.transaction.afterWrites(this, (transaction) => transaction.run(statement, parameters));
  }

  /**
   * For the repositories: the rows by a cursor in this transaction. Nothing is asked ahead, so that the loop that takes the rows may
   * commit, or open a savepoint, at any time.
   */
  async *stream<Row>(
    statement: Statement<Row[]>,
    parameters: Parameters,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    const number = firstFree(this.cursors);
    this.cursors.add(number);
    try {
      yield* cursorRows(this, `unit_${this.depth}_${number}`, statement, parameters, { ahead: false });
    } finally {
      this.cursors.delete(number);
    }
  }

  /** For the repositories: a read before the transaction, as long as it has not begun. */
  runEarly<Rows>(turn: string, statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    return this.transaction.beforeBegin(this, turn, statement, parameters);
  }

  /**
   * One statement of plain SQL inside this transaction, for tables of your own: $1, $2 …, all values as text. Flushes first.
   * Each text is prepared once for a session and kept there: fixed texts only. @throws ConfigurationError for what begins or
   * ends transactions, or sets what lasts
   */
  sql<Row>(text: string, parameters: PlainParameters = []): Promise<readonly Row[]> {
    return this.transaction.afterWrites(this, (transaction) => transaction.query<Row>(text, parameters));
  }

  async flush(): Promise<void> {
    await this.transaction.flush(this);
  }

  async refresh<Entity extends Portfolio | Order | Position>(entity: Entity): Promise<Entity> {
    const current = await this.current(entity);
    if (!current) throw new NotFoundError(kindOf(entity), entity.id);
    // The branches of `current` return the kind they were given; the compiler cannot follow a generic that far.
    return current as Entity;
  }

  async savepoint<Result>(work: (unit: PostgresUnitOfWork) => Promise<Result>): Promise<Result> {
    this.transaction.checkIdle(this);
    await this.flush();
    const transaction = await this.transaction.current();
    // Another task may have come meanwhile.
    this.transaction.checkIdle(this);
    const memory = this.transaction.writes.remember();
    const name = `unit_${this.depth + 1}`;
    const inner = new PostgresUnitOfWork(this.transaction, this.depth + 1);
    try {
      await transaction.savepoint(name);
      const result = await work(inner);
      await inner.flush();
      await transaction.release(name);
      return result;
    } catch (error) {
      const failure = await this.transaction.undoTo(name);
      this.transaction.writes.restore(memory);
      throw failure ?? error;
    } finally {
      this.transaction.leave(inner);
    }
  }

  async commit(): Promise<void> {
    this.refuseInSavepoint();
    await this.transaction.commit(this);
  }

  async rollback(): Promise<void> {
    this.refuseInSavepoint();
    await this.transaction.rollback();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.transaction.isEnded) await this.rollback();
  }

  /** A savepoint ends with its work, and in no other way. */
  private refuseInSavepoint(): void {
    if (!this.transaction.isOutermost(this)) throw new UnitOfWorkBusyError();
  }

  private async current(entity: Portfolio | Order | Position): Promise<Portfolio | Order | Position | undefined> {
    if (entity instanceof Portfolio) return this.portfolios.find(entity.id);
    if (entity instanceof Order) return this.orders.find(entity.id);
    return this.positions.find(entity.id);
  }
}

function kindOf(entity: Portfolio | Order | Position): 'portfolio' | 'order' | 'position' {
  return entity instanceof Portfolio ? 'portfolio' : entity instanceof Order ? 'order' : 'position';
}

function firstFree(taken: ReadonlySet<number>): number {
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}
