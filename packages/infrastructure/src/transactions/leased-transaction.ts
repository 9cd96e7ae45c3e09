import { Interruption, type TransactionOptions, type Write } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { sendAlone } from '../database/lone-write.js';
import type { PreparedWrite } from '../database/prepared-write.js';
import type { SessionPool } from '../database/session-pool.js';
import type { Session } from '../database/session.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import { Transaction } from '../database/transaction.js';
import { translateError } from '../database/translate-error.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { TransactionTrace } from '../telemetry/transaction-trace.js';
import type { GroupCommit } from './group-commit.js';
import type { Turns } from './turns.js';

/** What is told of transactions once they have ended. */
export interface TransactionCounter {
  committed: number;
  rolledBack: number;
}

/** A transaction that has begun, and the session that it has to itself. */
export interface Begun {
  readonly session: Session;
  readonly transaction: Transaction;
}

/** What a transaction needs before it begins. */
export interface Outside {
  readonly runner: StatementRunner;
  readonly turns: Turns;
  readonly groups: GroupCommit;
}

/** What says of all sessions, not of one, that they are not to be used any more. */
const RENEWS_SESSIONS: ReadonlySet<string> = new Set(['STATEMENT_OUTDATED', 'READ_ONLY_SERVER']);

/** One transaction on one session, which is taken from the pool when it begins and given back when it has ended. */
export class LeasedTransaction {
  /** Ends with the transaction; until then, whatever interrupts it throws the session away. */
  readonly interruption: Interruption;
  private readonly trace: TransactionTrace | undefined;
  private session: Session | undefined;
  private giveBackTurn: (() => void) | undefined;
  private hasEnded = false;
  private readonly madeAt = performance.now();

  constructor(
    private readonly pool: SessionPool,
    private readonly outside: Outside,
    private readonly counter: TransactionCounter,
    private readonly options: TransactionOptions,
    private readonly telemetry: Telemetry,
  ) {
    this.trace = telemetry.transaction(options.name);
    this.interruption = new Interruption(options);
  }

  /** Once. @throws BlotterError, and the lease has ended */
  begin(): Promise<Begun> {
    return this.lend((session) => ({ session, transaction: Transaction.begin(session, this.options, this.trace) }));
  }

  /** Whether a statement may be the whole transaction: it is, where BEGIN would have nothing to say. */
  get mayBeAlone(): boolean {
    const { isolation, readOnly, deferrable } = this.options;
    return (
      isolation === undefined && readOnly === undefined && deferrable === undefined && !this.pool.setsUpTransactions
    );
  }

  /** Whether the unit is to be committed together with others. */
  get isGrouped(): boolean {
    return this.options.group === true && this.mayBeAlone;
  }

  /** The transaction as part of another that commits several, instead of `begin`. @throws what COMMIT would, and the lease has ended */
  async commitInGroup(writes: readonly Write[]): Promise<void> {
    const { timeoutMs, signal } = this.options;
    const left = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - this.madeAt);
    try {
      await this.outside.groups.send(writes, { timeoutMs: left, signal });
    } catch (error) {
      const failure = translateError(error);
      this.cancel(false, failure);
      this.tellAmbiguous(failure);
      throw failure;
    }
    this.cancel(true);
  }

  /** The transaction in one statement, instead of `begin`. @throws what COMMIT would, and the lease has ended */
  async commitAlone(write: PreparedWrite): Promise<void> {
    const session = await this.lend((lent) => lent);
    try {
      await sendAlone(session, write, this.trace);
    } catch (error) {
      const failure = translateError(error);
      this.endCommitted(session, failure);
      throw failure;
    }
    this.endCommitted(session);
  }

  /** Reads without a session of its own, when it is its turn; the turn ends with the lease. @throws BlotterError */
  async readInTurn<Rows>(turn: string, statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const { interruption, outside } = this;
    if (interruption.error) throw interruption.error;
    const giveBack = await outside.turns.take(turn, interruption);
    // Whoever was interrupted meanwhile has ended, and gives nothing back any more.
    if (this.hasEnded) giveBack();
    else this.giveBackTurn = giveBack;
    const read = () => outside.runner.run(statement, parameters);
    return interruption.orInterrupted(this.trace ? this.trace.within(read) : read());
  }

  /** Ends the lease of a transaction that never began; it has changed nothing, and is committed where nothing was to be. */
  cancel(committed: boolean, failure?: BlotterError): void {
    this.trace?.end(committed, failure);
    this.end();
  }

  /** The session is thrown away: what the server is still doing on it must not meet another transaction. */
  destroySession(error: BlotterError): void {
    this.session?.destroy(error);
  }

  /** Gives the session back after COMMIT; with the error where that was not answered, or answered by none. */
  endCommitted(session: Session, error?: BlotterError): void {
    if (error) this.renewSessionsAfter(error);
    this.giveBack(session, !error);
    this.trace?.end(!error, error);
    if (error) this.tellAmbiguous(error);
  }

  /** Rolls back, where the session still can, and gives it back; one that is broken is thrown away by the pool. */
  async endRolledBack({ session, transaction }: Begun, failure?: BlotterError): Promise<void> {
    if (session.isUsable) {
      await transaction.rollback().catch((error: unknown) => {
        session.destroy(translateError(error));
      });
    }
    this.giveBack(session, false);
    this.trace?.end(false, failure);
  }

  renewSessionsAfter(error: BlotterError): void {
    if (RENEWS_SESSIONS.has(error.code)) this.pool.renew();
  }

  private tellAmbiguous(error: BlotterError): void {
    if (error.code === 'AMBIGUOUS_COMMIT') this.telemetry.ambiguous(this.options.name, error);
  }

  private async lend<Lent>(use: (session: Session) => Lent): Promise<Lent> {
    this.trace?.begin();
    try {
      const session = await this.pool.acquire(this.interruption);
      this.session = session;
      this.trace?.at(session.server);
      try {
        // Whoever was interrupted while the session was on its way has destroyed none, and must send nothing.
        if (this.interruption.error) throw this.interruption.error;
        return use(session);
      } catch (error) {
        this.pool.release(session);
        throw error;
      }
    } catch (error) {
      const failure = translateError(error);
      this.trace?.end(false, failure);
      this.end();
      throw failure;
    }
  }

  private end(): void {
    this.hasEnded = true;
    this.interruption.end();
    this.giveBackTurn?.();
  }

  private giveBack(session: Session, committed: boolean): void {
    this.end();
    if (committed) this.counter.committed += 1;
    else this.counter.rolledBack += 1;
    this.pool.release(session);
  }
}
