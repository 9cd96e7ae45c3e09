import type { LogAttributes, Logger } from '@blotter/application';
import { pino } from 'pino';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where log lines go: to the error output, as lines of JSON, written before the next thing happens. pino takes the attributes first. */
export function pinoLogger(level: LogLevel): Logger {
  const log = pino({ level, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
  const at = (name: keyof Logger) => (message: string, attributes: LogAttributes) => {
    log[name](attributes, message);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
