import {
  ConcurrencyError,
  ConnectionError,
  DatabaseError,
  DUPLICATE_KEYS,
  DuplicateError,
  IntegrityError,
  ResourcesExhaustedError,
  StatementRefusedError,
  TimeoutError,
  TransactionConflictError,
} from '@blotter/application';
import { BlotterError, type EntityKind } from '@blotter/domain';
import { faultOf, STALE_VERSION, type PostgresFault } from './postgres-fault.js';

/** What a unique constraint guards, in the words of the application. A constraint that is not here is called by its own name. */
const UNIQUE_CONSTRAINTS: Readonly<Record<string, keyof typeof DUPLICATE_KEYS>> = {
  portfolios_pkey: 'portfolioId',
  portfolios_name_key: 'portfolioName',
  orders_pkey: 'orderId',
  orders_client_order_id_key: 'clientOrderId',
  orders_broker_order_id_key: 'brokerOrderId',
  executions_pkey: 'executionId',
  executions_broker_execution_key: 'executionKey',
  executions_sequence_key: 'executionSequence',
  positions_pkey: 'positionId',
  positions_open_key: 'openPosition',
  cash_movements_pkey: 'cashMovementId',
  cash_movements_sequence_key: 'cashMovementSequence',
  portfolio_snapshots_pkey: 'snapshotId',
  portfolio_snapshots_moment_key: 'snapshotMoment',
};

/** The entity that a statement was about, for the error's sake. */
export interface Subject {
  readonly entity: EntityKind;
  readonly id: string;
}

/** The one place where errors of the server, the driver and drizzle become the application's own. */
export function translateError(error: unknown, subject?: Subject): BlotterError {
  if (error instanceof BlotterError) return error;
  // drizzle wraps what a session says.
  if (error instanceof Error && error.cause instanceof BlotterError) return error.cause;
  const fault = faultOf(error);
  return fault ? translateFault(fault, subject) : driverRefusal(error);
}

/** What the driver or drizzle says without having asked the server. Their words may contain parameters, so only their code is kept. */
export function driverRefusal(error: unknown): BlotterError {
  const { code, name } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  // CONNECT_TIMEOUT, CONNECTION_CLOSED, CONNECTION_ENDED, CONNECTION_DESTROYED.
  if (typeof code === 'string' && code.startsWith('CONNECT')) return connectionLost();
  return new StatementRefusedError(typeof code === 'string' ? code : (name ?? 'unknown'));
}

/** The connection ended before COMMIT can have been written. */
export function connectionLost(): ConnectionError {
  return new ConnectionError(
    'CONNECTION_LOST',
    'The connection to the database was lost; nothing was written. Repeat the work.',
  );
}

/**
 * What a SQLSTATE (PostgreSQL's manual, Appendix A) becomes. Whether it is repeated says the code of the error, in RETRY_TABLE.
 * A class of two characters stands for all of its states that are not named.
 */
const SQLSTATES: Readonly<Record<string, (fault: PostgresFault, details: Details) => BlotterError>> = {
  [STALE_VERSION]: (fault, details) =>
    new ConcurrencyError(details.entity ?? (fault.table as EntityKind), details.id ?? fault.staleId ?? '', details),
  '23505': duplicate,
  '23001': integrity,
  '23502': integrity,
  '23503': integrity,
  '23514': integrity,
  '23P01': integrity,
  '40001': (_, details) => new TransactionConflictError('SERIALIZATION_FAILURE', details),
  '40P01': (_, details) => new TransactionConflictError('DEADLOCK', details),
  // A migration has changed what a prepared statement is of; 26000: it is prepared no longer.
  '0A000': (fault, details) =>
    fault.isOutdatedStatement
      ? new TransactionConflictError('STATEMENT_OUTDATED', details)
      : new DatabaseError(fault.sqlState, details),
  '26000': (_, details) => new TransactionConflictError('STATEMENT_OUTDATED', details),
  '25006': (_, details) =>
    new ConnectionError('READ_ONLY_SERVER', 'The database server takes no writes. Repeat the work.', details),
  '55P03': (_, details) =>
    new TimeoutError(
      'LOCK_TIMEOUT',
      'A row stayed locked for longer than the lock timeout. Nothing was written.',
      details,
    ),
  '57014': (_, details) =>
    new TimeoutError('TIMEOUT', 'The statement took longer than the statement timeout. Nothing was written.', details),
  '25P03': (_, details) =>
    new TimeoutError('TIMEOUT', 'The transaction was idle for longer than it may be, and was rolled back.', details),
  '57P01': unavailable,
  '57P02': unavailable,
  '57P03': unavailable,
  '53': (fault, details) => new ResourcesExhaustedError(fault.sqlState, details),
  // A statement with too few or too many parameters; a repetition meets it again.
  '08P01': (fault, details) => new DatabaseError(fault.sqlState, details),
  '08': (_, details) => new ConnectionError('CONNECTION_LOST', connectionLost().message, details),
};

interface Details extends Partial<Subject> {
  readonly cause: PostgresFault;
}

function translateFault(fault: PostgresFault, subject: Subject | undefined): BlotterError {
  const details: Details = { ...subject, cause: fault };
  const translate = SQLSTATES[fault.sqlState] ?? SQLSTATES[fault.sqlState.slice(0, 2)];
  return translate ? translate(fault, details) : new DatabaseError(fault.sqlState, details);
}

function integrity(fault: PostgresFault, details: Details): IntegrityError {
  return new IntegrityError(fault.constraint ?? fault.table ?? 'a constraint', details);
}

function unavailable(_: PostgresFault, details: Details): ConnectionError {
  return new ConnectionError(
    'SERVER_UNAVAILABLE',
    'The database server is starting or stopping. Repeat the work.',
    details,
  );
}

function duplicate(fault: PostgresFault, details: Details): DuplicateError {
  const constraint = fault.constraint ?? 'key';
  const known = UNIQUE_CONSTRAINTS[constraint];
  if (!known) return new DuplicateError(details.entity, constraint, details);
  const { key, repeatable } = DUPLICATE_KEYS[known];
  return new DuplicateError(details.entity, key, { ...details, repeatable });
}
