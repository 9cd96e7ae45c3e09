import type { Mark, Ticker } from '@blotter/domain';

/** The last price of each symbol. */
export interface MarkReader {
  find(symbol: Ticker): Promise<Mark | undefined>;
  /** The marks there are of these symbols, sorted by symbol; at most 1,000 symbols. @throws ValidationError INVALID_PAGE */
  findAll(symbols: readonly Ticker[]): Promise<readonly Mark[]>;
}

export interface MarkRepository extends MarkReader {
  /** Registers the mark to be stored; the newest time wins, whatever the order of arrival. @throws ValidationError */
  put(mark: Mark): void;
}
