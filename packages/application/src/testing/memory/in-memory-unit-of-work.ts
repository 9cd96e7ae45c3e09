import { Order, Portfolio, type Position } from '@blotter/domain';
import { NotFoundError, TransactionNotActiveError } from '../../errors.js';
import type { UnitOfWork } from '../../transactions/unit-of-work.js';
import { WriteSet, type Write } from '../../transactions/write-set.js';
import type { BookRows, BookView, RowKind } from './book-rows.js';
import { InMemoryCashMovementRepository } from './in-memory-cash-movement-repository.js';
import { InMemoryExecutionRepository } from './in-memory-execution-repository.js';
import { InMemoryMarkRepository } from './in-memory-mark-repository.js';
import { InMemoryOrderRepository } from './in-memory-order-repository.js';
import { InMemoryPortfolioRepository } from './in-memory-portfolio-repository.js';
import { InMemoryPositionRepository } from './in-memory-position-repository.js';
import { InMemorySnapshotRepository } from './in-memory-snapshot-repository.js';
import type { InMemoryTransaction } from './in-memory-transaction.js';
import type { RepositoryAccess } from './repository-access.js';

/** A unit of work in memory. Its steps run one after the other, in the order of the calls, as on one connection. */
export class InMemoryUnitOfWork implements UnitOfWork {
  private readonly writeSet = new WriteSet();
  private tail: Promise<unknown> = Promise.resolve();
  private ended = false;
  /** The first error of a write. Within a savepoint the unit comes to life again when the savepoint is undone. */
  private failure: { readonly error: unknown } | undefined;
  private savepoints = 0;

  private readonly access: RepositoryAccess = {
    ask: (read) => this.ask(read),
    lock: (kind, find) => this.lock(kind, find),
    writes: () => {
      this.checkActive();
      return this.writeSet;
    },
  };
  readonly portfolios = new InMemoryPortfolioRepository(this.access);
  readonly orders = new InMemoryOrderRepository(this.access);
  readonly positions = new InMemoryPositionRepository(this.access);
  readonly executions = new InMemoryExecutionRepository(this.access);
  readonly cashMovements = new InMemoryCashMovementRepository(this.access);
  readonly snapshots = new InMemorySnapshotRepository(this.access);
  readonly marks = new InMemoryMarkRepository(this.access);

  constructor(private readonly transaction: InMemoryTransaction) {}

  get isActive(): boolean {
    return !this.ended && this.failure === undefined;
  }

  async flush(): Promise<void> {
    await this.ask(() => undefined);
  }

  async refresh<Entity extends Portfolio | Order | Position>(entity: Entity): Promise<Entity> {
    const kind = entity instanceof Portfolio ? 'portfolio' : entity instanceof Order ? 'order' : 'position';
    const row = await this.ask((view) => view.row(kind, entity.id));
    if (!row) throw new NotFoundError(kind, entity.id);
    // The row is of the entity's own kind; the compiler cannot see that.
    return row as Entity;
  }

  async savepoint<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.flush();
    const before = { transaction: this.transaction.mark(), writes: this.writeSet.remember() };
    this.savepoints += 1;
    try {
      const result = await work();
      // Work that hides the error of a write does not make it good.
      if (this.failure) throw this.failure.error;
      await this.flush();
      return result;
    } catch (error) {
      await this.tail;
      if (!this.ended) {
        this.transaction.undoTo(before.transaction);
        this.writeSet.restore(before.writes);
        this.failure = undefined;
      }
      throw error;
    } finally {
      this.savepoints -= 1;
    }
  }

  async commit(): Promise<void> {
    this.checkActive();
    const writes = this.writeSet.take();
    this.ended = true;
    await this.enqueue(async () => {
      await this.send(writes);
      this.transaction.commit();
    });
  }

  async rollback(): Promise<void> {
    if (this.ended && this.failure) return;
    if (this.ended) this.checkActive();
    this.ended = true;
    await this.tail;
    this.transaction.undo();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.ended) await this.rollback();
  }

  protected async send(writes: readonly Write[]): Promise<void> {
    for (const write of writes) await this.transaction.write(write);
  }

  private ask<Result>(read: (view: BookView) => Result): Promise<Result> {
    return this.sendThen(() => Promise.resolve(read(this.transaction)));
  }

  private lock<Kind extends RowKind>(
    kind: Kind,
    find: (view: BookView) => string | undefined,
  ): Promise<BookRows[Kind] | undefined> {
    return this.sendThen(async () => {
      const id = find(this.transaction);
      return id === undefined ? undefined : this.transaction.lockRow(kind, id);
    });
  }

  /** Sends what was registered before the call, and takes the step. */
  private async sendThen<Result>(step: () => Promise<Result>): Promise<Result> {
    this.checkActive();
    const writes = this.writeSet.take();
    return this.enqueue(async () => {
      await this.send(writes);
      return step();
    });
  }

  /** Runs the step after those before it. What fails, fails the unit; the steps behind it report the same error. */
  private enqueue<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.tail.then(async () => {
      if (this.failure) throw this.failure.error;
      try {
        return await step();
      } catch (error) {
        this.fail(error);
        throw error;
      }
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  private fail(error: unknown): void {
    this.failure = { error };
    if (this.savepoints > 0 && !this.ended) return;
    this.ended = true;
    this.transaction.undo();
  }

  private checkActive(): void {
    if (!this.isActive) throw new TransactionNotActiveError(this.failure ? { cause: this.failure.error } : {});
  }
}
