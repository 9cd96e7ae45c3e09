import type net from 'node:net';
import postgres from 'postgres';
import type { DatabaseConfig } from './database-config.js';
import { settingsOfSession } from './server-settings.js';
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
    // Where it is wanted, the socket is encrypted already.
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
    // Behind a pooler each transaction may find another server, which knows nothing of what was prepared elsewhere.
    prepare: settings.pooler === 'none',
    connection: settingsOfSession(config),
    socket: () => {
      if (given) throw connectionLost();
      given = true;
      return socket;
    },
  };
  // `socket` is a documented option that the driver's types do not have.
  const client = postgres(options as unknown as postgres.Options<Record<string, never>>);
  for (const type of TEXT_TYPES) client.options.parsers[type] = asItIs;
  // Values are given as the text that they are to be. The driver would take the text of a boolean for false, and of bytes for others.
  for (const type of Object.keys(client.options.serializers)) client.options.serializers[Number(type)] = String;
  return client;
}

/** date, timestamp, timestamptz and their arrays, and numeric's: text, since Date drops microseconds and number drops digits. */
const TEXT_TYPES = [1082, 1114, 1184, 1182, 1115, 1185, 1231] as const;

function asItIs(value: unknown): unknown {
  return value;
}
