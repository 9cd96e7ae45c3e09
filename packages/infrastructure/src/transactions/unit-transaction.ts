import {
  Interruption,
  TransactionNotActiveError,
  UnitOfWorkBusyError,
  WriteSet,
  type TransactionOptions,
  type Write,
} from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type { SessionPool } from '../database/session-pool.js';
import type { Session } from '../database/session.js';
import { Transaction } from '../database/transaction.js';
import { translateError } from '../database/translate-error.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { TransactionTrace } from '../telemetry/transaction-trace.js';
import { sendWrite } from './send-write.js';

interface Begun {
  readonly session: Session;
  readonly transaction: Transaction;
}

/** What is told of transactions once they have ended. */
export interface TransactionCounter {
  committed: number;
  rolledBack: number;
}

/** What says of all sessions, not of one, that they are not to be used any more. */
const RENEWS_SESSIONS: ReadonlySet<string> = new Set(['STATEMENT_OUTDATED', 'READ_ONLY_SERVER']);

/**
 * What a unit of work shares with the units of its savepoints: the write set, and one transaction on one session, which is taken
 * from the pool with the first statement. Everything is sent at once and in order, so the locks of a fill travel together, and
 * its writes together with COMMIT: two round trips.
 */
export class UnitTransaction {
  readonly writes = new WriteSet();
  /** The units that use this: the outermost, then those of the savepoints that are open. Only the last of them may. */
  private readonly users: object[] = [];
  private begun: Promise<Begun> | undefined;
  private session: Session | undefined;
  private state: 'active' | 'ended' = 'active';
  private failure: BlotterError | undefined;
  /** What went wrong inside a savepoint that has not been rolled back to yet. */
  private savepointFailure: BlotterError | undefined;
  /** The writes sent last; a flush with nothing to send waits for them. */
  private sentWrites: Promise<unknown> = Promise.resolve();
  private callsUnderWay = 0;
  private readonly interruption: Interruption;
  private readonly trace: TransactionTrace | undefined;

  constructor(
    private readonly pool: SessionPool,
    private readonly counter: TransactionCounter,
    private readonly options: TransactionOptions,
    private readonly telemetry: Telemetry,
  ) {
    this.trace = telemetry.transaction(options.name);
    this.interruption = new Interruption(options);
    this.interruption.onInterrupt((error) => {
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
    const writes = this.writes.take();
    this.callsUnderWay += 1;
    const result = this.send(writes, read).finally(() => {
      this.callsUnderWay -= 1;
    });
    if (writes.length > 0) {
      this.sentWrites = result;
      this.sentWrites.catch(() => undefined);
    }
    return result;
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
      const { session, transaction } = await this.begin();
      await transaction
        .rollbackTo(savepoint)
        .catch((error: unknown) => this.failWhole(session, transaction, translateError(error)));
    }
    this.savepointFailure = undefined;
    return failure;
  }

  async commit(user: object): Promise<void> {
    this.checkIdle(user);
    const writes = this.writes.take();
    this.state = 'ended';
    if (!this.begun && writes.length === 0) {
      this.interruption.end();
      return;
    }
    const { session, transaction } = await this.begin();
    const sent = writes.map((write) => sendWrite(transaction, write));
    const results = await Promise.allSettled([...sent, transaction.commit()]);
    const commit = results.at(-1);
    const error = commit?.status === 'rejected' ? translateError(commit.reason) : undefined;
    this.trace?.end(!error, error);
    await this.giveBack(session, transaction, !error);
    if (!error) return;
    if (error.code === 'AMBIGUOUS_COMMIT') this.telemetry.ambiguous(this.options.name, error);
    this.renewSessionsAfter(error);
    throw error;
  }

  async rollback(): Promise<void> {
    if (this.failure) return;
    if (this.state !== 'active') throw this.notActive();
    this.state = 'ended';
    // Where no session could be had, there is nothing to roll back, and the caller has that error already.
    const begun = await this.begun?.catch(() => undefined);
    if (!begun) {
      this.interruption.end();
      return;
    }
    const { session, transaction } = begun;
    await this.giveBack(session, transaction, false, true);
  }

  get isEnded(): boolean {
    return this.state === 'ended';
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
    const first = this.interruption.error ?? transaction.failure ?? error;
    this.renewSessionsAfter(first);
    if (this.state !== 'active') return first;
    if (session.isUsable && this.users.length > 1) {
      this.savepointFailure ??= first;
      return first;
    }
    return this.failWhole(session, transaction, first);
  }

  private async failWhole(session: Session, transaction: Transaction, error: BlotterError): Promise<BlotterError> {
    if (this.state !== 'active') return error;
    this.state = 'ended';
    this.failure = error;
    await this.giveBack(session, transaction, false, true);
    return error;
  }

  /** The session is thrown away: what the server is still doing on it must not meet another transaction. */
  private interrupt(error: BlotterError): void {
    this.session?.destroy(error);
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.failure = error;
    void this.begun?.then(
      ({ session, transaction }) => this.giveBack(session, transaction, false),
      () => undefined,
    );
  }

  private renewSessionsAfter(error: BlotterError): void {
    if (RENEWS_SESSIONS.has(error.code)) this.pool.renew();
  }

  private begin(): Promise<Begun> {
    return (this.begun ??= this.acquire());
  }

  private async acquire(): Promise<Begun> {
    this.trace?.begin();
    try {
      const session = await this.pool.acquire(this.interruption);
      this.session = session;
      this.trace?.at(session.server);
      try {
        return { session, transaction: Transaction.begin(session, this.options, this.trace) };
      } catch (error) {
        this.pool.release(session);
        throw error;
      }
    } catch (error) {
      this.state = 'ended';
      this.failure = translateError(error);
      this.trace?.end(false, this.failure);
      this.interruption.end();
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
    this.interruption.end();
    if (committed) this.counter.committed += 1;
    else this.counter.rolledBack += 1;
    if (needsRollback && session.isUsable)
      await transaction.rollback().catch((error: unknown) => {
        session.destroy(translateError(error));
      });
    this.trace?.end(committed, this.failure);
    this.pool.release(session);
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
