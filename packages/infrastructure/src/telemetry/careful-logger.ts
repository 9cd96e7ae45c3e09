import type { LogAttributes, Logger } from '@blotter/application';

/** A logger that fails (a disk is full) must not decide what became of a transaction. */
export function carefulLogger(logger: Logger): Logger {
  const careful = (level: keyof Logger) => (message: string, attributes: LogAttributes) => {
    try {
      logger[level](message, attributes);
    } catch {
      // There is nobody to tell.
    }
  };
  return { debug: careful('debug'), info: careful('info'), warn: careful('warn'), error: careful('error') };
}
