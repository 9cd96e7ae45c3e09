import { TransactionNotActiveError, UnitOfWorkBusyError, WriteSet, type Write } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type { Transaction } from '../database/transaction.js';
import type { Parameters, Statement } from '../database/statement.js';
import { translateError } from '../database/translate-error.js';
import { commitWrites } from './commit-writes.js';
import type { Begun, LeasedTransaction } from './leased-transaction.js';
import { prepareWrites, sendWrites, type PreparedWrites } from './send-writes.js';

/**
 * What a unit of work shares with the units of its savepoints: the write set, and one transaction on one session, which begins
 * with the first statement. Everything is sent at once and in order, so the locks of a fill travel together, and
 * its writes together with COMMIT: two round trips.
 */
export class UnitTransaction {
  readonly writes = new WriteSet();
  /** The units that use this: the outermost, then those of the savepoints that are open. Only the last of them may. */
  private readonly users: object[] = [];
  private begun: Promise<Begun> | undefined;
  private state: 'active' | 'ended' = 'active';
  private failure: BlotterError | undefined;
  /** What went wrong inside a savepoint that has not been rolled back to yet. */
  private savepointFailure: BlotterError | undefined;
  /** The writes sent last; a flush with nothing to send waits for them. */
  private sentWrites: Promise<unknown> = Promise.resolve();
  private callsUnderWay = 0;
  /** Whether it has read before its beginning. */
  private hasTurn = false;

  constructor(private readonly lease: LeasedTransaction) {
    lease.interruption.onInterrupt((error) => {
      this.interrupt(error);
    });
  }

  /** Whether the unit may be used, or could be once the savepoint within it has ended. */
  isActiveFor(user: object): boolean {
    return this.state === 'active' && !this.savepointFailure && this.users.includes(user);
  }

  /** @throws TransactionNotActiveError; UnitOfWorkBusyError while a savepoint within the unit is open */
  checkUsable(user: object): void {
    const refusal = this.refusalOf(user);
    if (refusal) throw refusal;
  }

  /** @throws as checkUsable; UnitOfWorkBusyError while another call is under way */
  checkIdle(user: object): void {
    this.checkUsable(user);
    if (this.callsUnderWay > 0) throw new UnitOfWorkBusyError();
  }

  /** From now on `user` may use the transaction, and those before it wait until it leaves. */
  enter(user: object): void {
    this.users.push(user);
  }

  leave(user: object): void {
    if (this.users.at(-1) === user) this.users.pop();
  }

  isOutermost(user: object): boolean {
    return this.users[0] === user;
  }

  /** Sends the write set and then the read, without waiting in between; the first error of them all is the one that is thrown. */
  afterWrites<Result>(user: object, read: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    // Not an async function: what was registered is taken now, before anything else is registered.
    const refusal = this.refusalOf(user);
    if (refusal) return Promise.reject(refusal);
    const isWriting = !this.writes.isEmpty;
    this.callsUnderWay += 1;
    const result = this.send(read).finally(() => {
      this.callsUnderWay -= 1;
    });
    if (isWriting) {
      this.sentWrites = result;
      this.sentWrites.catch(() => undefined);
    }
    return result;
  }

  /** A read outside of the transaction, with which the turn begins that ends with the unit; inside of it once there is one. */
  beforeBegin<Rows>(user: object, turn: string, statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    if (this.begun || this.hasTurn || !this.writes.isEmpty || !this.lease.mayBeAlone) {
      return this.afterWrites(user, (transaction) => transaction.run(statement, parameters));
    }
    const refusal = this.refusalOf(user);
    if (refusal) return Promise.reject(refusal);
    this.hasTurn = true;
    this.callsUnderWay += 1;
    return this.lease.readInTurn(turn, statement, parameters).finally(() => {
      this.callsUnderWay -= 1;
    });
  }

  async flush(user: object): Promise<void> {
    this.checkUsable(user);
    if (this.writes.isEmpty) await this.sentWrites;
    else await this.afterWrites(user, () => Promise.resolve());
  }

  /** The transaction, begun if it was not yet. For savepoints. */
  async current(): Promise<Transaction> {
    return (await this.begin()).transaction;
  }

  /** Rolls back to a savepoint; its failure is undone with it. Returns the failure, if there was one. */
  async undoTo(savepoint: string): Promise<BlotterError | undefined> {
    const failure = this.savepointFailure;
    if (this.state === 'active') {
      const begun = await this.begin();
      await begun.transaction
        .rollbackTo(savepoint)
        .catch((error: unknown) => this.failWhole(begun, translateError(error)));
    }
    this.savepointFailure = undefined;
    return failure;
  }

  async commit(user: object): Promise<void> {
    this.checkIdle(user);
    let writes: readonly Write[];
    try {
      writes = this.writes.take();
    } catch (error) {
      throw await this.failUnsent(translateError(error));
    }
    this.state = 'ended';
    if (!this.begun && writes.length === 0) {
      this.lease.cancel(true);
      return;
    }
    const isUntouched = !this.begun && !this.hasTurn;
    if (isUntouched && this.lease.isGrouped) return this.lease.commitInGroup(writes);
    return commitWrites(this.lease, () => this.begin(), this.begun !== undefined, writes);
  }

  async rollback(): Promise<void> {
    if (this.failure) return;
    if (this.state !== 'active') throw this.notActive();
    this.state = 'ended';
    // Where no session could be had, there is nothing to roll back, and the caller has that error already.
    const begun = await this.begun?.catch(() => undefined);
    if (begun) await this.lease.endRolledBack(begun);
    else this.lease.cancel(false);
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  private async send<Result>(read: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    let prepared: PreparedWrites;
    try {
      prepared = prepareWrites(this.writes.take());
    } catch (error) {
      throw await this.failUnsent(translateError(error));
    }
    const begun = await this.begin();
    const sent = sendWrites(begun.transaction, prepared);
    const [[last], results] = await Promise.all([
      Promise.allSettled([read(begun.transaction)]),
      Promise.allSettled(sent),
    ]);
    const failed =
      results.find((result) => result.status === 'rejected') ?? (last.status === 'rejected' ? last : undefined);
    if (failed) throw await this.fail(begun, translateError(failed.reason));
    if (last.status === 'rejected') throw translateError(last.reason);
    return last.value;
  }

  /** PostgreSQL refuses everything behind an error: the unit has ended, or waits for the rollback to its savepoint. */
  private async fail(begun: Begun, error: BlotterError): Promise<BlotterError> {
    const first = this.lease.interruption.error ?? begun.transaction.failure ?? error;
    this.lease.renewSessionsAfter(first);
    if (this.state !== 'active') return first;
    if (begun.session.isUsable && this.users.length > 1) {
      this.savepointFailure ??= first;
      return first;
    }
    return this.failWhole(begun, first);
  }

  /** What was taken could not be made into statements: the unit must not go on without it. */
  private async failUnsent(error: BlotterError): Promise<BlotterError> {
    if (this.begun) return this.fail(await this.begun, error);
    this.lease.cancel(false, error);
    return this.endWith(error);
  }

  private async failWhole(begun: Begun, error: BlotterError): Promise<BlotterError> {
    if (this.state !== 'active') return error;
    this.endWith(error);
    await this.lease.endRolledBack(begun, error);
    return error;
  }

  private interrupt(error: BlotterError): void {
    this.lease.destroySession(error);
    if (this.state === 'ended') return;
    this.endWith(error);
    if (!this.begun) this.lease.cancel(false, error);
    void this.begun?.then(
      (begun) => this.lease.endRolledBack(begun, error),
      () => undefined,
    );
  }

  private begin(): Promise<Begun> {
    return (this.begun ??= this.lease.begin().catch((error: unknown) => {
      throw this.endWith(translateError(error));
    }));
  }

  private endWith(failure: BlotterError): BlotterError {
    this.state = 'ended';
    this.failure = failure;
    return failure;
  }

  private refusalOf(user: object): BlotterError | undefined {
    if (!this.isActiveFor(user)) return this.notActive();
    return this.users.at(-1) === user ? undefined : new UnitOfWorkBusyError();
  }

  private notActive(): TransactionNotActiveError {
    const cause = this.failure ?? this.savepointFailure;
    return new TransactionNotActiveError(cause && { cause });
  }
}
