import { Order, Portfolio, type Position } from '@blotter/domain';
import { NotFoundError, TransactionNotActiveError, UnitOfWorkBusyError } from '../../errors.js';
import { Interruption } from '../../transactions/interruption.js';
import type { TransactionOptions, UnitOfWork } from '../../transactions/unit-of-work.js';
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
  private readonly access: RepositoryAccess = {
    ask: (read) => this.ask(read),
    lock: (kind, find) => this.lock(kind, find),
    writes: () => {
      this.checkActive();
      return this.state.writeSet;
    },
  };
  readonly portfolios = new InMemoryPortfolioRepository(this.access);
  readonly orders = new InMemoryOrderRepository(this.access);
  readonly positions = new InMemoryPositionRepository(this.access);
  readonly executions = new InMemoryExecutionRepository(this.access);
  readonly cashMovements = new InMemoryCashMovementRepository(this.access);
  readonly snapshots = new InMemorySnapshotRepository(this.access);
  readonly marks = new InMemoryMarkRepository(this.access);

  /** @param state given to the unit of a savepoint's work: that of the unit whose savepoint it is */
  constructor(
    private readonly transaction: InMemoryTransaction,
    options: TransactionOptions = {},
    private readonly state: UnitState = new UnitState(transaction, options),
  ) {
    state.users.push(this);
  }

  get isActive(): boolean {
    return !this.state.ended && this.state.failure === undefined && this.state.users.includes(this);
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

  async savepoint<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    this.checkIdle();
    await this.flush();
    const { state, transaction } = this;
    const before = { transaction: transaction.mark(), writes: state.writeSet.remember() };
    const inner = this.forSavepoint(transaction, {}, state);
    try {
      const result = await work(inner);
      // Work that hides the error of a write does not make it good.
      if (state.failure) throw state.failure.error;
      await inner.flush();
      return result;
    } catch (error) {
      await state.tail;
      if (!state.ended) {
        transaction.undoTo(before.transaction);
        state.writeSet.restore(before.writes);
        state.failure = undefined;
      }
      throw error;
    } finally {
      state.users.pop();
    }
  }

  async commit(): Promise<void> {
    const { state } = this;
    this.checkIdle();
    this.checkOutermost();
    const writes = state.writeSet.take();
    state.ended = true;
    await this.enqueue(async () => {
      await this.send(writes);
      this.transaction.commit();
    }).finally(() => {
      state.interruption.end();
    });
  }

  async rollback(): Promise<void> {
    const { state } = this;
    if (state.ended && state.failure) return;
    if (state.ended) this.checkActive();
    this.checkOutermost();
    state.ended = true;
    state.interruption.end();
    await state.tail;
    this.transaction.undo();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.state.ended) await this.rollback();
  }

  protected async send(writes: readonly Write[]): Promise<void> {
    for (const write of writes) await this.transaction.write(write);
  }

  /** The unit that a savepoint's work is given. */
  protected forSavepoint(...given: Required<ConstructorParameters<typeof InMemoryUnitOfWork>>): InMemoryUnitOfWork {
    return new InMemoryUnitOfWork(...given);
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
    const writes = this.state.writeSet.take();
    return this.enqueue(async () => {
      await this.send(writes);
      return step();
    });
  }

  /** Runs the step after those before it. What fails, fails the unit; the steps behind it report the same error. */
  private enqueue<Result>(step: () => Promise<Result>): Promise<Result> {
    const { state } = this;
    state.underWay += 1;
    const result = state.tail.then(async () => {
      if (state.failure) throw state.failure.error;
      try {
        return await state.interruption.orInterrupted(step());
      } catch (error) {
        state.fail(error);
        throw error;
      }
    });
    state.tail = result.then(
      () => (state.underWay -= 1),
      () => (state.underWay -= 1),
    );
    return result;
  }

  private checkActive(): void {
    const { failure, users } = this.state;
    if (!this.isActive) throw new TransactionNotActiveError(failure ? { cause: failure.error } : {});
    if (users.at(-1) !== this) throw new UnitOfWorkBusyError();
  }

  private checkIdle(): void {
    this.checkActive();
    if (this.state.underWay > 0) throw new UnitOfWorkBusyError();
  }

  /** A savepoint ends with its work, and in no other way. */
  private checkOutermost(): void {
    if (this.state.users[0] !== this) throw new UnitOfWorkBusyError();
  }
}

/** What a unit shares with the units of its savepoints. */
class UnitState {
  readonly writeSet = new WriteSet();
  readonly interruption: Interruption;
  /** The unit, and the units of the savepoints that are open, innermost last: only that one may be used. */
  readonly users: InMemoryUnitOfWork[] = [];
  tail: Promise<unknown> = Promise.resolve();
  underWay = 0;
  ended = false;
  /** The first error of a write. Within a savepoint the unit comes to life again when the savepoint is undone. */
  failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly transaction: InMemoryTransaction,
    options: TransactionOptions,
  ) {
    this.interruption = new Interruption(options);
    this.interruption.onInterrupt((error) => {
      if (!this.ended) this.end(error);
    });
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    if (this.users.length > 1 && !this.ended) return;
    this.end(error);
  }

  private end(error: unknown): void {
    this.failure ??= { error };
    this.ended = true;
    this.interruption.end();
    this.transaction.undo();
  }
}
