import { BlotterError } from '@blotter/domain';

/** A price file is missing, or one of its lines is wrong; the message names both. */
export class PriceFileError extends BlotterError {
  readonly code = 'PRICE_FILE';

  /** @param line counted from 1, the header included; undefined when the file as a whole is meant */
  constructor(file: string, line: number | undefined, problem: string, details: { readonly cause?: unknown } = {}) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`, details);
  }
}
