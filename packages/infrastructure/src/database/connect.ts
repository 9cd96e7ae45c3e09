import type net from 'node:net';
import { ConfigurationError, ConnectionError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { connectError } from './connect-error.js';
import type { DatabaseConfig } from './database-config.js';
import { openSocket } from './open-socket.js';
import { hasOutputSettings } from './server-settings.js';
import { addressOf, type Server } from './servers.js';
import { refuseWrongRole, type ServerRole } from './session-target.js';
import { connectionLost } from './translate-error.js';

/** What a session says of itself before it is used. */
export interface Greeting extends ServerRole {
  readonly pid: number;
  readonly timeZone: string;
  readonly dateStyle: string;
}

/** The first statement of a session; that it is answered says that the session works. */
export const GREETING = `select pg_backend_pid() as pid, pg_is_in_recovery() as standby,
  current_setting('transaction_read_only') = 'on' as "readOnly",
  current_setting('TimeZone') as "timeZone", current_setting('DateStyle') as "dateStyle"`;

/** A session that is being opened over a socket of its own. */
interface Opening {
  /** Sends the first statement. */
  greet(): Promise<Greeting>;
  close(): Promise<void>;
  destroy(error: BlotterError): void;
}

/** The server that took the last session of a configuration: where the next one begins, so that a dead one is asked first but once. */
const lastGood = new WeakMap<DatabaseConfig, Server>();

/** After these, another server would say the same. */
const FINAL: ReadonlySet<string> = new Set(['AUTHENTICATION_FAILED', 'DATABASE_MISSING']);

/**
 * Opens a session at the first server that is there and of the role that is wanted, within the connect timeout: from the
 * first packet to the answer to its first statement. Each server has its share of the time that is left.
 * @throws ConnectionError CONNECTION_FAILED, TLS_FAILED, AUTHENTICATION_FAILED, DATABASE_MISSING, SERVER_UNAVAILABLE
 */
export async function connect<Session extends Opening>(
  config: DatabaseConfig,
  open: (socket: net.Socket, server: Server) => Session,
): Promise<Session> {
  const servers = inOrder(config);
  const deadline = performance.now() + config.settings.connectTimeoutMs;
  const failures: ConnectionError[] = [];
  for (const [index, server] of servers.entries()) {
    const share = (deadline - performance.now()) / (servers.length - index);
    try {
      const session = await connectTo(server, config, Math.max(1, Math.round(share)), open);
      lastGood.set(config, server);
      return session;
    } catch (error) {
      if (!(error instanceof ConnectionError) || FINAL.has(error.code)) throw error;
      failures.push(error);
    }
  }
  throw failureOf(failures);
}

function inOrder(config: DatabaseConfig): readonly Server[] {
  const { servers } = config.settings;
  const first = lastGood.get(config);
  return first ? [first, ...servers.filter((server) => server !== first)] : servers;
}

async function connectTo<Session extends Opening>(
  server: Server,
  config: DatabaseConfig,
  timeoutMs: number,
  open: (socket: net.Socket, server: Server) => Session,
): Promise<Session> {
  const signal = AbortSignal.timeout(timeoutMs);
  const socket = await openSocket(server, config.tls(), signal);
  let failure: NodeJS.ErrnoException | undefined;
  socket.once('error', (error) => {
    failure = error;
  });
  const session = open(socket, server);
  const giveUp = () => {
    session.destroy(connectionLost());
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const greeting = await session.greet().catch((error: unknown) => {
      giveUp();
      throw connectError(error, server, failure, config.settings.pooler);
    });
    refuseForgetfulPooler(greeting, server);
    refuseWrongRole(greeting, config.settings.targetSessionAttrs, server);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** What is read would depend on who used the server connection before. */
function refuseForgetfulPooler(greeting: Greeting, server: Server): void {
  if (hasOutputSettings(greeting)) return;
  throw new ConfigurationError(
    `What answers at ${addressOf(server)} does not take over TimeZone and DateStyle from its client. ` +
      'Connect to PostgreSQL itself, or through a pooler that does, such as PgBouncer.',
  );
}

/** What every server said. One that cannot be used only now is worth another try, whatever the others said. */
function failureOf(failures: readonly ConnectionError[]): ConnectionError {
  const [first] = failures;
  if (first && failures.length === 1) return first;
  const code = failures.find((failure) => failure.code === 'SERVER_UNAVAILABLE')?.code ?? first?.code;
  return new ConnectionError(
    code ?? 'CONNECTION_FAILED',
    `None of the ${failures.length} database servers can be used. ${failures.map(({ message }) => message).join(' ')}`,
    { cause: new AggregateError(failures, 'one error for each server, in the order of the tries') },
  );
}
