import type { DatabaseConfig } from './database-config.js';

/**
 * What values look like on the wire, and so what is read from them. PgBouncer takes these over from the start of a connection
 * and puts each client's on the server connection before it lends it; it refuses other settings there.
 */
const OUTPUT = { TimeZone: 'UTC', DateStyle: 'ISO, YMD' } as const;

/** The settings of a session, sent with its start. */
export function settingsOfSession(config: DatabaseConfig): Record<string, string | number> {
  const { applicationName, pooler, schema } = config.settings;
  return {
    application_name: applicationName,
    ...OUTPUT,
    ...(pooler === 'none' && timeoutsOf(config)),
    // Nothing else is looked at: a table that the book lacks must not be found in another book.
    ...(schema !== undefined && { search_path: `"${schema}"` }),
  };
}

/**
 * Statements that go out in one message with BEGIN, each with a semicolon before it: behind a pooler a session may be another
 * server connection with every transaction, and what `set` would leave behind there is met by a neighbour.
 */
export function settingsOfTransaction(config: DatabaseConfig): string {
  if (config.settings.pooler === 'none') return '';
  const all = Object.entries({ ...OUTPUT, ...timeoutsOf(config) });
  return all.map(([name, value]) => `; set local ${name} = '${value}'`).join('');
}

/** Whether the session is as it was asked to be: a pooler may have kept the start of the connection to itself. */
export function hasOutputSettings(session: { readonly timeZone: string; readonly dateStyle: string }): boolean {
  return session.timeZone === OUTPUT.TimeZone && session.dateStyle === OUTPUT.DateStyle;
}

function timeoutsOf({ settings }: DatabaseConfig): Record<string, number> {
  return {
    statement_timeout: settings.commandTimeoutMs,
    lock_timeout: settings.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
  };
}
