import type { LogAttributes, Logger } from '@blotter/application';
import { carefully } from './carefully.js';

/** The logger, without its failures. */
export function carefulLogger(logger: Logger): Logger {
  const careful = (level: keyof Logger) => (message: string, attributes: LogAttributes) => {
    carefully(() => {
      logger[level](message, attributes);
    });
  };
  return { debug: careful('debug'), info: careful('info'), warn: careful('warn'), error: careful('error') };
}
