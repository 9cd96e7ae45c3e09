import { BlotterError, type EntityKind, type ErrorDetails, type LimitBreach, type LimitName } from '@blotter/domain';

/** No such entity. */
export class NotFoundError extends BlotterError {
  readonly code = 'NOT_FOUND';

  constructor(entity: EntityKind, id: string) {
    super(`There is no such ${entity}. Check its id, and that it was stored in this database.`, { entity, id });
  }
}

/** Another row has this key already: a name, a client order id, a broker's order id, an open position. */
export class DuplicateError extends BlotterError {
  readonly code = 'DUPLICATE';

  constructor(
    entity: EntityKind | undefined,
    /** The name of the key, as the schema has it. */
    readonly key: string,
    details: ErrorDetails & {
      /** Whether the loser of a race would find the winner's row when it looks again. */
      readonly repeatable?: boolean;
    } = {},
  ) {
    super(`Another ${entity ?? 'row'} has the same ${key}. Look it up before you store it again.`, {
      ...details,
      entity,
    });
    this.repeatable = details.repeatable ?? false;
  }

  readonly repeatable: boolean;
}

/** The entity was changed by somebody else since it was read, or does not derive from the version saved last. Read it again. */
export class ConcurrencyError extends BlotterError {
  readonly code = 'CONCURRENCY';

  constructor(entity: EntityKind, id: string, details: { readonly cause?: unknown } = {}) {
    super(`The ${entity} was changed or removed since it was read. Read it again and repeat the work.`, {
      entity,
      id,
      ...details,
    });
  }
}

/** A command came twice under one id, with different content. The first one stands. */
export class CommandConflictError extends BlotterError {
  readonly code = 'COMMAND_CONFLICT';

  constructor(entity: EntityKind, id: string) {
    super(`This id belongs to another ${entity} with other content, which stands. Send a new command under a new id.`, {
      entity,
      id,
    });
  }
}

/** The broker sent an execution again, with other content. The first one stands; ask the broker which is right. */
export class ExecutionConflictError extends BlotterError {
  readonly code = 'EXECUTION_CONFLICT';

  constructor(executionId: string) {
    super('This execution was recorded before with other content, which stands. Ask the broker which one is right.', {
      entity: 'execution',
      id: executionId,
    });
  }
}

/** A new order would exceed limits of its portfolio. Nothing was stored. */
export class LimitBreachedError extends BlotterError {
  readonly code = 'LIMIT_BREACHED';
  readonly limits: readonly LimitName[];

  constructor(portfolioId: string, breaches: readonly LimitBreach[]) {
    const limits = [...new Set(breaches.map(({ limit }) => limit))];
    super(`The order would exceed ${limits.join(', ')}. Make it smaller, or change the limits of the portfolio.`, {
      entity: 'portfolio',
      id: portfolioId,
    });
    this.limits = limits;
  }
}

/** A limit needs a price, and neither the order's terms nor a mark has one. */
export class MissingPriceError extends BlotterError {
  readonly code = 'MISSING_PRICE';

  constructor(portfolioId: string, symbol: string) {
    super(`The limits need a price of ${symbol}. Mark it to market first, or give the order a limit price.`, {
      entity: 'portfolio',
      id: portfolioId,
    });
  }
}

/** The database refused a row: a foreign key or a check. What has history (executions, cash movements) cannot be removed. */
export class IntegrityError extends BlotterError {
  readonly code = 'INTEGRITY';

  constructor(
    /** The name of the constraint. */
    readonly constraint: string,
    details: ErrorDetails = {},
  ) {
    super(
      `The book refuses this: it would violate ${constraint}. What has history cannot be removed or contradict itself.`,
      details,
    );
  }
}

export type ConnectionErrorCode =
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'AUTHENTICATION_FAILED'
  | 'DATABASE_MISSING'
  | 'CONNECTION_LOST'
  | 'SERVER_UNAVAILABLE'
  /** The server takes no writes: it is a standby, or was made one. The next session looks for the primary. */
  | 'READ_ONLY_SERVER';

/** The database could not be reached, or the connection was lost before COMMIT was sent: nothing was written. */
export class ConnectionError extends BlotterError {
  constructor(
    readonly code: ConnectionErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details);
  }
}

/** The pool had no session within the acquire deadline, or its queue is full. */
export class PoolExhaustedError extends BlotterError {
  readonly code = 'POOL_EXHAUSTED';
}

/**
 * The statement or the wait took longer than it may. Nothing was written.
 * LOCK_TIMEOUT: the server gave up waiting for a row that another transaction has locked.
 */
export class TimeoutError extends BlotterError {
  constructor(
    readonly code: 'TIMEOUT' | 'LOCK_TIMEOUT',
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details);
  }
}

/** The caller's signal ended the wait; its reason is the cause. Nothing was written. */
export class AbortedError extends BlotterError {
  readonly code = 'ABORTED';

  constructor(details: ErrorDetails = {}) {
    super('The call was aborted by its signal.', details);
  }
}

/** The server has no room: its disk, memory or connections are used up. Nothing was written. */
export class ResourcesExhaustedError extends BlotterError {
  readonly code = 'RESOURCES_EXHAUSTED';

  constructor(
    /** Of class 53 in PostgreSQL's Appendix A. */
    readonly sqlState: string,
    details: ErrorDetails = {},
  ) {
    super(
      `The database server is out of disk, memory or connections (SQLSTATE ${sqlState}). Make room there, then repeat the work.`,
      details,
    );
  }
}

/** The unit of work has ended: it was committed, rolled back, or one of its writes failed (then that is the cause). */
export class TransactionNotActiveError extends BlotterError {
  readonly code = 'TRANSACTION_NOT_ACTIVE';

  constructor(details: ErrorDetails = {}) {
    super('This unit of work has ended. Begin another one.', details);
  }
}

/**
 * A unit of work belongs to one task: another call on it is still under way, or a savepoint of it is open and only the unit
 * that `savepoint` gave to its work may be used.
 */
export class UnitOfWorkBusyError extends BlotterError {
  readonly code = 'UNIT_OF_WORK_BUSY';

  constructor(details: ErrorDetails = {}) {
    super(
      'This unit of work is in use. Await its calls before you commit, use the unit that savepoint() gives, and give each task its own.',
      details,
    );
  }
}

/**
 * The transaction met something that a repetition does not meet again, and was rolled back. SERIALIZATION_FAILURE and DEADLOCK:
 * another transaction; STATEMENT_OUTDATED: a migration that changed what a prepared statement reads or writes.
 */
export class TransactionConflictError extends BlotterError {
  constructor(
    readonly code: 'SERIALIZATION_FAILURE' | 'DEADLOCK' | 'STATEMENT_OUTDATED',
    details: ErrorDetails = {},
  ) {
    super('The transaction was in the way of another one and was rolled back. Repeat it.', details);
  }
}

/** COMMIT was answered by ROLLBACK: nothing was written. */
export class CommitFailedError extends BlotterError {
  readonly code = 'COMMIT_FAILED';

  constructor(details: ErrorDetails = {}) {
    super('The transaction could not be committed and was rolled back.', details);
  }
}

/**
 * The connection was lost, or the wait ended, after COMMIT may have been sent and before its answer came:
 * nobody knows whether it was written. Submit the same command again under the same id; never conclude from
 * the absence of a row, which may still be on its way.
 */
export class AmbiguousCommitError extends BlotterError {
  readonly code = 'AMBIGUOUS_COMMIT';

  constructor(details: ErrorDetails = {}) {
    super('Nobody knows whether this was committed. Submit the same command again under the same id.', details);
  }
}

/** Anything else that the database refused; `sqlState` says what, in PostgreSQL's Appendix A. */
export class DatabaseError extends BlotterError {
  readonly code = 'DATABASE_ERROR';

  constructor(
    readonly sqlState: string,
    details: ErrorDetails = {},
  ) {
    super(`PostgreSQL refused the statement with SQLSTATE ${sqlState}. See its manual, Appendix A.`, details);
  }
}

/** The driver refused a statement before it was sent, so it did not run; `reason` is the driver's word for why. */
export class StatementRefusedError extends BlotterError {
  readonly code = 'STATEMENT_REFUSED';

  constructor(readonly reason: string) {
    super(`The driver refused a statement (${reason}) before it was sent. Check its parameters.`);
  }
}

/** A setting is missing or wrong; the message names it. */
export class ConfigurationError extends BlotterError {
  readonly code = 'CONFIGURATION';
}

/** The database object was closed: no new work begins, and what still ran at the end of the drain time was rolled back. */
export class DatabaseClosedError extends BlotterError {
  readonly code = 'DATABASE_CLOSED';

  constructor() {
    super('The database was closed. Connect again.');
  }
}
