import { uuidv7Ids } from '@blotter/infrastructure';

/** A fill as its sender knows it. Text and whole numbers alone, because it travels between processes. */
export interface FillCommand {
  readonly executionId: string;
  readonly portfolioId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string;
  readonly at: string;
}

/** A book from nothing to its first fill, in one transaction over five tables. */
export interface ChapterCommand {
  readonly portfolioId: string;
  readonly movementId: string;
  readonly deposit: string;
  readonly orderId: string;
  readonly orderQuantity: string;
  readonly fill: FillCommand;
  /** Milliseconds that the work waits for something else before the order is placed, as real work does. */
  readonly pauseMs: number;
}

const AT = '2026-01-05T14:30:00Z';
const SYMBOL = 'AAPL';

/** A new chapter, every id of its own; its order is large enough for a million further fills. */
export function newChapter(pauseMs = 0): ChapterCommand {
  const portfolioId = uuidv7Ids.next();
  const orderId = uuidv7Ids.next();
  return {
    portfolioId,
    movementId: uuidv7Ids.next(),
    deposit: '100000000',
    orderId,
    orderQuantity: '1000000',
    fill: newFill({ portfolioId, orderId }),
    pauseMs,
  };
}

/** A new fill of an order that is there. */
export function newFill({ portfolioId, orderId }: Pick<ChapterCommand, 'portfolioId' | 'orderId'>): FillCommand {
  return {
    executionId: uuidv7Ids.next(),
    portfolioId,
    orderId,
    symbol: SYMBOL,
    quantity: '1',
    price: '100.25',
    commission: '1',
    at: AT,
  };
}
