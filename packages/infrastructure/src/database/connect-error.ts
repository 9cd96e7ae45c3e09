import { ConnectionError } from '@blotter/application';
import type { DatabaseConfig } from './database-config.js';
import { faultOf } from './postgres-fault.js';
import { addressOf, type Server } from './servers.js';
import { isAlert, tlsFailed } from './tls-error.js';

/** What the server, or its silence, said to the first statement of a session, as an error that says what to do. */
export function connectError(
  error: unknown,
  server: Server,
  socketError: NodeJS.ErrnoException | undefined,
  pooler: DatabaseConfig['settings']['pooler'],
): ConnectionError {
  const fault = faultOf(error);
  const cause = { cause: fault };
  switch (fault?.sqlState) {
    case undefined:
      if (socketError && isAlert(socketError)) return tlsFailed(server, socketError);
      return new ConnectionError(
        'CONNECTION_FAILED',
        `What answers at ${addressOf(server)} does not speak PostgreSQL, or not in time. Correct DATABASE_URL.`,
        { cause: error },
      );
    case '28P01':
      return new ConnectionError(
        'AUTHENTICATION_FAILED',
        `The database server at ${addressOf(server)} refused the user or the password. ` +
          'Correct DATABASE_URL, or DATABASE_USER and DATABASE_PASSWORD.',
        cause,
      );
    case '28000':
      return new ConnectionError(
        'AUTHENTICATION_FAILED',
        `The database server at ${addressOf(server)} does not let this user in this way. ` +
          'Compare DATABASE_USER, DATABASE_SSL_MODE and DATABASE_SSL_CERT with its pg_hba.conf, and see whether the role may log in.',
        cause,
      );
    // PostgreSQL has no reason to say it of what we send; PgBouncer says it of settings that it does not take.
    case pooler === 'none' && '08P01':
      return new ConnectionError(
        'CONNECTION_FAILED',
        `What answers at ${addressOf(server)} does not take the connection as it begins. If it is PgBouncer, set DATABASE_POOLER.`,
        cause,
      );
    case '3D000':
      return new ConnectionError(
        'DATABASE_MISSING',
        `There is no database of this name on the server at ${addressOf(server)}. ` +
          'Create it, or correct DATABASE_URL or DATABASE_NAME.',
        cause,
      );
    default:
      return new ConnectionError(
        'SERVER_UNAVAILABLE',
        `The database server at ${addressOf(server)} takes no connection now (SQLSTATE ${fault?.sqlState ?? ''}). Repeat it later.`,
        cause,
      );
  }
}
