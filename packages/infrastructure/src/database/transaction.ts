import {
  AmbiguousCommitError,
  CommitFailedError,
  ConfigurationError,
  DatabaseError,
  type IsolationLevel,
  type TransactionOptions,
} from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { namedQuery, plainQuery } from '../telemetry/query.js';
import type { TransactionTrace } from '../telemetry/transaction-trace.js';
import type { PlainParameters } from './plain-sql.js';
import { faultOf } from './postgres-fault.js';
import type { PreparedWrite, SubjectOf } from './prepared-write.js';
import type { Session } from './session.js';
import { isSilence } from './silence.js';
import type { Parameters, Statement } from './statement.js';
import { translateError } from './translate-error.js';

/** The text that goes into BEGIN is ours, never the caller's. */
const ISOLATION_LEVELS = {
  'read committed': 'read committed',
  'repeatable read': 'repeatable read',
  serializable: 'serializable',
} as const satisfies Record<IsolationLevel, string>;

const READ_ONLY_TRANSACTION = '25006';

/** SQLSTATE of every statement after the one that failed: an echo, never the reason. */
const IN_FAILED_TRANSACTION = '25P02';

/**
 * A transaction on a session of its own. Statements are sent at once and answered in order, so BEGIN costs no round trip of
 * its own, and the writes travel together with COMMIT. It says honestly what happened: committed, not committed, or unknown.
 */
export class Transaction {
  /** Sends BEGIN and does not wait for it: what is wrong with it is said by the statements behind it. */
  static begin(session: Session, options: TransactionOptions = {}, trace?: TransactionTrace): Transaction {
    if (options.isolation !== undefined && !Object.hasOwn(ISOLATION_LEVELS, options.isolation)) {
      throw new ConfigurationError('The isolation level is read committed, repeatable read or serializable.');
    }
    const modes = [
      options.isolation && `isolation level ${ISOLATION_LEVELS[options.isolation]}`,
      options.readOnly === undefined ? undefined : options.readOnly ? 'read only' : 'read write',
      options.deferrable ? 'deferrable' : undefined,
    ].filter((mode) => mode !== undefined);
    const transaction = new Transaction(session, options.readOnly === true, trace);
    // Without BEGIN, every statement behind it would commit by itself: then the session must not live to run them.
    transaction.command(`begin ${modes.join(', ')}${session.settingsOfTransaction}`).catch((error: unknown) => {
      session.destroy(translateError(error));
    });
    return transaction;
  }

  /** The first thing that went wrong since the beginning, or since the savepoint that was rolled back to. */
  private firstError: BlotterError | undefined;
  /**
   * Answers come in the order of the statements, but their promises settle in the order of the length of their chains:
   * COMMIT's before that of the write that failed. So each is judged when all those before it are.
   */
  private judgedBefore: Promise<unknown> = Promise.resolve();
  /** The COPY under way, or waiting for its turn: behind it, everything waits until it has ended. Never rejects. */
  private copying: Promise<unknown> | undefined;

  private constructor(
    private readonly session: Session,
    private readonly isReadOnly: boolean,
    private readonly trace: TransactionTrace | undefined,
  ) {}

  get failure(): BlotterError | undefined {
    return this.firstError;
  }

  /** Sends a statement. @throws the application's error of it, or the first error of the transaction instead of its echo */
  run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const { session, trace } = this;
    const run = () =>
      trace
        ? trace.ask(session.server, namedQuery(statement.name), () => session.run(statement, parameters))
        : session.run(statement, parameters);
    return this.guard(this.inTurn(run));
  }

  /** Sends writes. @throws as `run` does; the error names the entity */
  async write({ name, text, values, subjectOf }: PreparedWrite): Promise<void> {
    const { session, trace } = this;
    const run = () => {
      const send = () => session.prepared(text, values).result;
      return trace ? trace.ask(session.server, namedQuery(name), send) : send();
    };
    await this.guard(withSubject(this.inTurn(run), subjectOf));
  }

  /**
   * Sends a COPY … FROM STDIN with its lines. What is sent behind it waits until it has ended: the server takes nothing else
   * meanwhile. @param subjectOf the entity that a refused row is of
   */
  copyIn(text: string, lines: Iterable<string>, subjectOf: SubjectOf): Promise<void> {
    const { session, trace } = this;
    const copy = this.inTurn(() =>
      trace
        ? trace.ask(session.server, plainQuery(text), () => session.copyIn(text, lines))
        : session.copyIn(text, lines),
    );
    const ended = copy.catch(() => undefined);
    this.copying = ended;
    // The first to hear of the end: what waits behind is sent right after this, before anything that comes new.
    void ended.then(() => {
      if (this.copying === ended) this.copying = undefined;
    });
    return this.guard(withSubject(copy, subjectOf));
  }

  /** Sends plain SQL of our own without parameters. @param name as a statement's. @param subjectOf as in copyIn */
  async execute(name: string, text: string, subjectOf?: SubjectOf): Promise<void> {
    const { session, trace } = this;
    const run = () =>
      trace ? trace.ask(session.server, namedQuery(name), () => session.query(text)) : session.query(text);
    const answer = this.inTurn<unknown>(run);
    await this.guard(subjectOf ? withSubject(answer, subjectOf) : answer);
  }

  /** One statement of plain SQL with $1, $2 …; all values as text. @throws ConfigurationError as Session.statement */
  async query<Row>(text: string, parameters: PlainParameters = []): Promise<readonly Row[]> {
    const { session, trace } = this;
    const run = () =>
      trace
        ? trace.ask(session.server, plainQuery(text), () => session.statement<Row>(text, parameters))
        : session.statement<Row>(text, parameters);
    const { rows } = await this.guard(this.inTurn(run));
    return rows;
  }

  /** SAVEPOINT; the name is the caller's, and no user's input. */
  async savepoint(name: string): Promise<void> {
    await this.command(`savepoint ${name}`);
  }

  async release(name: string): Promise<void> {
    await this.command(`release savepoint ${name}`);
  }

  /** ROLLBACK TO: everything since the savepoint is undone, its errors included. */
  async rollbackTo(name: string): Promise<void> {
    await this.command(`rollback to savepoint ${name}; release savepoint ${name}`);
    this.firstError = undefined;
  }

  /**
   * Sends COMMIT behind everything else and says what became of it.
   * @throws the first error of the transaction; CommitFailedError when the server answered ROLLBACK; AmbiguousCommitError when
   * COMMIT may have been written and no answer settles it
   */
  async commit(): Promise<void> {
    if (this.copying) await this.copying;
    const commit = this.send('commit');
    let answer: string;
    try {
      answer = await commit.answer;
      await this.judgedBefore;
    } catch (error) {
      const translated = translateError(error);
      await this.judgedBefore;
      // The server had refused a statement before: then COMMIT, had it come through, was a ROLLBACK.
      if (this.firstError && !isSilence(this.firstError, this.session)) throw this.firstError;
      // What may only read has written nothing, whatever became of its COMMIT.
      if (isSilence(translated, this.session) && commit.wasWritten() && !this.isReadOnly)
        throw new AmbiguousCommitError({ cause: translated });
      throw translated;
    }
    if (answer === 'COMMIT' && !this.firstError) return;
    throw this.firstError ?? new CommitFailedError();
  }

  /** @throws ConnectionError when the connection is lost; then the server rolls back by itself */
  async rollback(): Promise<void> {
    if (this.copying) await this.copying;
    try {
      await this.send('rollback').answer;
    } catch (error) {
      throw translateError(error);
    }
  }

  private command(text: string): Promise<string> {
    return this.guard(this.inTurn(() => this.send(text).answer));
  }

  private inTurn<Result>(send: () => Promise<Result>): Promise<Result> {
    return this.copying ? this.copying.then(send) : send();
  }

  private send(text: string): ReturnType<Session['command']> {
    const sent = this.session.command(text);
    void this.trace?.ask(this.session.server, plainQuery(text), () => sent.answer);
    return sent;
  }

  private guard<Result>(result: Promise<Result>): Promise<Result> {
    const judged = this.judge(result, this.judgedBefore);
    this.judgedBefore = judged.catch(() => undefined);
    return judged;
  }

  private async judge<Result>(result: Promise<Result>, judgedBefore: Promise<unknown>): Promise<Result> {
    const [settled] = await Promise.allSettled([result, judgedBefore]);
    if (settled.status === 'fulfilled') return settled.value;
    const translated = this.inItsPlace(translateError(settled.reason));
    this.firstError ??= translated;
    const isEcho = 'sqlState' in translated && translated.sqlState === IN_FAILED_TRANSACTION;
    throw isEcho ? this.firstError : translated;
  }

  /** That a transaction which may only read was asked to write is the caller's mistake, and says nothing of the server. */
  private inItsPlace(error: BlotterError): BlotterError {
    if (error.code !== 'READ_ONLY_SERVER' || !this.isReadOnly) return error;
    return new DatabaseError(READ_ONLY_TRANSACTION, { entity: error.entity, id: error.id, cause: error.cause });
  }
}

async function withSubject<Result>(answer: Promise<Result>, subjectOf: SubjectOf): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    const fault = faultOf(error);
    throw translateError(error, fault && subjectOf(fault));
  }
}
