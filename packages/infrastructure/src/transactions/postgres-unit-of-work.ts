import {
  NotFoundError,
  TransactionNotActiveError,
  WriteSet,
  type TransactionOptions,
  type UnitOfWork,
  type Write,
} from '@blotter/application';
import { Order, Portfolio, type BlotterError, type Position } from '@blotter/domain';
import type { SessionPool } from '../database/session-pool.js';
import type { Session } from '../database/session.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import { Transaction } from '../database/transaction.js';
import { translateError } from '../database/translate-error.js';
import { PostgresExecutionRepository } from '../executions/postgres-execution-repository.js';
import { PostgresMarkRepository } from '../marks/postgres-mark-repository.js';
import { PostgresOrderRepository } from '../orders/postgres-order-repository.js';
import { PostgresCashMovementRepository } from '../portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioRepository } from '../portfolios/postgres-portfolio-repository.js';
import { PostgresPositionRepository } from '../positions/postgres-position-repository.js';
import { PostgresSnapshotRepository } from '../snapshots/postgres-snapshot-repository.js';
import { sendWrite } from './send-write.js';
import type { WriteRegister } from './write-register.js';

interface Begun {
  readonly session: Session;
  readonly transaction: Transaction;
}

/** What is told of transactions once they have ended. */
export interface TransactionCounter {
  committed: number;
  rolledBack: number;
}

/**
 * A unit of work over one transaction on one session, taken from the pool with the first statement. Everything is sent
 * at once and in order, so the locks of a fill travel together, and its writes together with COMMIT: two round trips.
 */
export class PostgresUnitOfWork implements UnitOfWork, StatementRunner, WriteRegister {
  readonly portfolios = new PostgresPortfolioRepository(this, this);
  readonly orders = new PostgresOrderRepository(this, this);
  readonly positions = new PostgresPositionRepository(this, this);
  readonly executions = new PostgresExecutionRepository(this, this);
  readonly cashMovements = new PostgresCashMovementRepository(this, this);
  readonly snapshots = new PostgresSnapshotRepository(this, this);
  readonly marks = new PostgresMarkRepository(this, this);

  private readonly writes = new WriteSet();
  private begun: Promise<Begun> | undefined;
  private state: 'active' | 'ended' = 'active';
  private failure: BlotterError | undefined;
  /** What went wrong inside a savepoint that has not been rolled back to yet. */
  private savepointFailure: BlotterError | undefined;
  private savepoints = 0;
  /** The writes sent last; a flush with nothing to send waits for them. */
  private sentWrites: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: SessionPool,
    private readonly counter: TransactionCounter,
    private readonly options: TransactionOptions = {},
  ) {}

  get isActive(): boolean {
    return this.state === 'active' && !this.savepointFailure;
  }

  /** For the repositories. */
  register(): WriteSet {
    this.checkActive();
    return this.writes;
  }

  /** For the repositories: sends what was registered, and a read behind it. */
  run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    return this.afterWrites((transaction) => transaction.run(statement, parameters));
  }

  /** Plain SQL inside this transaction, for tables of your own: $1, $2 …, all values as text. Flushes first. */
  sql<Row>(text: string, parameters: readonly string[] = []): Promise<readonly Row[]> {
    return this.afterWrites((transaction) => transaction.query<Row>(text, parameters));
  }

  async flush(): Promise<void> {
    this.checkActive();
    if (this.writes.isEmpty) await this.sentWrites;
    else await this.afterWrites(() => Promise.resolve());
  }

  async refresh<Entity extends Portfolio | Order | Position>(entity: Entity): Promise<Entity> {
    const current = await this.current(entity);
    if (!current) throw new NotFoundError(kindOf(entity), entity.id);
    // The branches of `current` return the kind they were given; the compiler cannot follow a generic that far.
    return current as Entity;
  }

  async savepoint<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.flush();
    const { transaction } = await this.begin();
    const memory = this.writes.remember();
    this.savepoints += 1;
    const name = `unit_${this.savepoints}`;
    try {
      await transaction.savepoint(name);
      const result = await work();
      await this.flush();
      await transaction.release(name);
      return result;
    } catch (error) {
      const failure = this.savepointFailure ?? error;
      if (this.state === 'active') await this.undoTo(transaction, name);
      this.savepointFailure = undefined;
      this.writes.restore(memory);
      throw failure;
    } finally {
      this.savepoints -= 1;
    }
  }

  async commit(): Promise<void> {
    this.checkActive();
    const writes = this.writes.take();
    this.state = 'ended';
    if (!this.begun && writes.length === 0) return;
    const { session, transaction } = await this.begin();
    const sent = writes.map((write) => sendWrite(transaction, write));
    const results = await Promise.allSettled([...sent, transaction.commit()]);
    const commit = results.at(-1);
    await this.giveBack(session, transaction, commit?.status === 'fulfilled');
    if (commit?.status === 'rejected') throw translateError(commit.reason);
  }

  async rollback(): Promise<void> {
    if (this.failure) return;
    if (this.state !== 'active') throw this.notActive();
    this.state = 'ended';
    // Where no session could be had, there is nothing to roll back, and the caller has that error already.
    const begun = await this.begun?.catch(() => undefined);
    if (!begun) return;
    const { session, transaction } = begun;
    await this.giveBack(session, transaction, false, true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.state === 'active') await this.rollback();
  }

  private async current(entity: Portfolio | Order | Position): Promise<Portfolio | Order | Position | undefined> {
    if (entity instanceof Portfolio) return this.portfolios.find(entity.id);
    if (entity instanceof Order) return this.orders.find(entity.id);
    return this.positions.find(entity.id);
  }

  /** Sends the write set and then the read, without waiting in between; the first error of them all is the one that is thrown. */
  private afterWrites<Result>(read: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    // Not an async function: what was registered is taken now, before anything else is registered.
    if (!this.isActive) return Promise.reject(this.notActive());
    const writes = this.writes.take();
    const result = this.send(writes, read);
    if (writes.length > 0) {
      this.sentWrites = result;
      this.sentWrites.catch(() => undefined);
    }
    return result;
  }

  private async send<Result>(
    writes: readonly Write[],
    read: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const { session, transaction } = await this.begin();
    const sent = writes.map((write) => sendWrite(transaction, write));
    const [[last], results] = await Promise.all([Promise.allSettled([read(transaction)]), Promise.allSettled(sent)]);
    const failed =
      results.find((result) => result.status === 'rejected') ?? (last.status === 'rejected' ? last : undefined);
    if (failed) throw await this.fail(session, transaction, translateError(failed.reason));
    if (last.status === 'rejected') throw translateError(last.reason);
    return last.value;
  }

  /** PostgreSQL refuses everything behind an error: the unit has ended, or waits for the rollback to its savepoint. */
  private async fail(session: Session, transaction: Transaction, error: BlotterError): Promise<BlotterError> {
    const first = transaction.failure ?? error;
    if (this.state !== 'active') return first;
    if (session.isUsable && this.savepoints > 0) {
      this.savepointFailure ??= first;
      return first;
    }
    this.state = 'ended';
    this.failure = first;
    await this.giveBack(session, transaction, false, true);
    return first;
  }

  private async undoTo(transaction: Transaction, name: string): Promise<void> {
    try {
      await transaction.rollbackTo(name);
    } catch (error) {
      const { session } = await this.begin();
      await this.fail(session, transaction, translateError(error));
    }
  }

  private begin(): Promise<Begun> {
    return (this.begun ??= this.acquire());
  }

  private async acquire(): Promise<Begun> {
    try {
      const session = await this.pool.acquire();
      try {
        return { session, transaction: Transaction.begin(session, this.options) };
      } catch (error) {
        this.pool.release(session);
        throw error;
      }
    } catch (error) {
      this.state = 'ended';
      this.failure = translateError(error);
      throw this.failure;
    }
  }

  /** Returns the session to the pool, rolled back where that is needed; a session that cannot be is thrown away by the pool. */
  private async giveBack(
    session: Session,
    transaction: Transaction,
    committed: boolean,
    needsRollback = false,
  ): Promise<void> {
    if (committed) this.counter.committed += 1;
    else this.counter.rolledBack += 1;
    if (needsRollback && session.isUsable)
      await transaction.rollback().catch((error: unknown) => {
        session.destroy(translateError(error));
      });
    this.pool.release(session);
  }

  private checkActive(): void {
    if (!this.isActive) throw this.notActive();
  }

  private notActive(): TransactionNotActiveError {
    const cause = this.failure ?? this.savepointFailure;
    return new TransactionNotActiveError(cause && { cause });
  }
}

function kindOf(entity: Portfolio | Order | Position): 'portfolio' | 'order' | 'position' {
  return entity instanceof Portfolio ? 'portfolio' : entity instanceof Order ? 'order' : 'position';
}
