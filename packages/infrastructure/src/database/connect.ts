import net from 'node:net';
import { ConnectionError } from '@blotter/application';
import postgres from 'postgres';
import type { DatabaseConfig } from './database-config.js';
import { faultOf } from './postgres-fault.js';
import { connectionLost } from './translate-error.js';

/** postgres.js over a socket that is open already, and over no other: it is refused a second one. */
export function driverOver(socket: net.Socket, config: DatabaseConfig): postgres.Sql {
  const { settings } = config;
  let given = false;
  const options = {
    host: settings.host,
    port: settings.port,
    database: settings.name,
    username: settings.user,
    password: () => config.password(),
    ssl: false,
    max: 1,
    // 100 by default, and longer bursts would wait for answers.
    max_pipeline: Number.MAX_SAFE_INTEGER,
    // The pool decides how long a session lives.
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: settings.connectTimeoutMs / 1_000,
    fetch_types: false,
    onnotice: () => undefined,
    connection: {
      application_name: settings.applicationName,
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      statement_timeout: settings.commandTimeoutMs,
      lock_timeout: settings.lockTimeoutMs,
      idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
    },
    socket: () => {
      if (given) throw connectionLost();
      given = true;
      return socket;
    },
  };
  // `socket` is a documented option that the driver's types do not have.
  return postgres(options as unknown as postgres.Options<Record<string, never>>);
}

/** A socket to the server. @throws ConnectionError CONNECTION_FAILED when nothing answers in time */
export function openSocket(config: DatabaseConfig): Promise<net.Socket> {
  const { host, port, connectTimeoutMs } = config.settings;
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    const failed = () => {
      socket.destroy();
      reject(
        new ConnectionError(
          'CONNECTION_FAILED',
          `No database server answers at ${host}:${port}. Start it, or correct DATABASE_URL.`,
        ),
      );
    };
    socket.setTimeout(connectTimeoutMs, failed);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', failed);
      // The driver listens too; without a listener of ours, an error after it has let go would end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** What the server, or its silence, said to the first statement of a session, as an error that says what to do. */
export function connectError(error: unknown, { host, port }: DatabaseConfig['settings']): unknown {
  const fault = faultOf(error);
  switch (fault?.sqlState) {
    case undefined:
      return new ConnectionError(
        'CONNECTION_FAILED',
        `What answers at ${host}:${port} does not speak PostgreSQL, or not in time. Correct DATABASE_URL.`,
        { cause: error },
      );
    case '28P01':
    case '28000':
      return new ConnectionError(
        'AUTHENTICATION_FAILED',
        'The database refused the user or the password. Correct DATABASE_URL, or DATABASE_USER and DATABASE_PASSWORD.',
        { cause: fault },
      );
    case '3D000':
      return new ConnectionError(
        'DATABASE_MISSING',
        'There is no database of this name on the server. Create it, or correct DATABASE_URL or DATABASE_NAME.',
        { cause: fault },
      );
    default:
      return new ConnectionError(
        'SERVER_UNAVAILABLE',
        `The database server takes no connection now (SQLSTATE ${fault?.sqlState ?? ''}). Repeat it later.`,
        { cause: fault },
      );
  }
}
