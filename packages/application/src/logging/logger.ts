/** What a log line says beside its message. Never SQL, a value of the book, or a secret: only counts, times, codes and names. */
export type LogAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Where log lines go. `console` fits as it is, and any other logger with a few lines of adapter. The messages are few and fixed;
 * docs/telemetry.md lists them.
 */
export interface Logger {
  debug(message: string, attributes: LogAttributes): void;
  info(message: string, attributes: LogAttributes): void;
  warn(message: string, attributes: LogAttributes): void;
  error(message: string, attributes: LogAttributes): void;
}

/** Says nothing; what is used where none is given. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
