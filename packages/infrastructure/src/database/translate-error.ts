import {
  ConcurrencyError,
  ConnectionError,
  DatabaseError,
  DUPLICATE_KEYS,
  DuplicateError,
  IntegrityError,
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
  const fault = faultOf(error);
  return fault ? translateFault(fault, subject) : connectionLost();
}

/** The connection ended before COMMIT can have been written. */
export function connectionLost(): ConnectionError {
  return new ConnectionError(
    'CONNECTION_LOST',
    'The connection to the database was lost; nothing was written. Repeat the work.',
  );
}

function translateFault(fault: PostgresFault, subject: Subject | undefined): BlotterError {
  const details = { entity: subject?.entity, id: subject?.id, cause: fault };
  switch (fault.sqlState) {
    case STALE_VERSION:
      return new ConcurrencyError(
        subject?.entity ?? (fault.table as EntityKind),
        subject?.id ?? fault.staleId ?? '',
        details,
      );
    case '23505':
      return duplicate(fault, details);
    case '23001':
    case '23502':
    case '23503':
    case '23514':
    case '23P01':
      return new IntegrityError(fault.constraint ?? fault.table ?? 'a constraint', details);
    case '40001':
      return new TransactionConflictError('SERIALIZATION_FAILURE', details);
    case '40P01':
      return new TransactionConflictError('DEADLOCK', details);
    case '55P03':
      return new TimeoutError('A row stayed locked for longer than the lock timeout. Nothing was written.', details);
    case '57014':
      return new TimeoutError('The statement took longer than the statement timeout. Nothing was written.', details);
    case '57P01':
    case '57P02':
    case '57P03':
      return new ConnectionError(
        'SERVER_UNAVAILABLE',
        'The database server is starting or stopping. Repeat the work.',
        details,
      );
    default:
      return fault.sqlState.startsWith('08')
        ? new ConnectionError('CONNECTION_LOST', connectionLost().message, details)
        : new DatabaseError(fault.sqlState, details);
  }
}

function duplicate(fault: PostgresFault, details: Subject | object): DuplicateError {
  const constraint = fault.constraint ?? 'key';
  const known = UNIQUE_CONSTRAINTS[constraint];
  const entity = 'entity' in details ? details.entity : undefined;
  if (!known) return new DuplicateError(entity, constraint, details);
  const { key, repeatable } = DUPLICATE_KEYS[known];
  return new DuplicateError(entity, key, { ...details, repeatable });
}
