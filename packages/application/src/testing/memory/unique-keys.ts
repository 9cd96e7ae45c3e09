import { DUPLICATE_KEYS, type DuplicateKey } from '../../duplicate-keys.js';
import type { BookRows, RowKind } from './book-rows.js';

/** A value that no other row may have. `text` names key and value together. */
export interface UniqueKey {
  readonly of: DuplicateKey;
  readonly text: string;
}

export function uniqueKey(of: DuplicateKey, ...values: readonly (string | number)[]): UniqueKey {
  return { of, text: JSON.stringify([of.key, ...values]) };
}

/** The keys of PostgreSQL's unique indexes, the id first, as PostgreSQL checks it first. */
const KEYS: { readonly [Kind in RowKind]: (row: BookRows[Kind]) => readonly UniqueKey[] } = {
  portfolio: ({ id, name }) => [
    uniqueKey(DUPLICATE_KEYS.portfolioId, id),
    uniqueKey(DUPLICATE_KEYS.portfolioName, name),
  ],
  order: ({ id, portfolioId, clientOrderId, brokerOrderId }) => [
    uniqueKey(DUPLICATE_KEYS.orderId, id),
    uniqueKey(DUPLICATE_KEYS.clientOrderId, portfolioId, clientOrderId),
    ...(brokerOrderId === undefined ? [] : [uniqueKey(DUPLICATE_KEYS.brokerOrderId, portfolioId, brokerOrderId)]),
  ],
  position: ({ id, portfolioId, symbol, isOpen }) => [
    uniqueKey(DUPLICATE_KEYS.positionId, id),
    ...(isOpen ? [uniqueKey(DUPLICATE_KEYS.openPosition, portfolioId, symbol)] : []),
  ],
  execution: ({ id, portfolioId, venue, symbol, side, brokerExecutionId, sequence }) => [
    uniqueKey(DUPLICATE_KEYS.executionId, id),
    uniqueKey(DUPLICATE_KEYS.executionKey, portfolioId, venue, symbol, side, brokerExecutionId),
    uniqueKey(DUPLICATE_KEYS.executionSequence, portfolioId, sequence),
  ],
  'cash movement': ({ id, portfolioId, sequence }) => [
    uniqueKey(DUPLICATE_KEYS.cashMovementId, id),
    uniqueKey(DUPLICATE_KEYS.cashMovementSequence, portfolioId, sequence),
  ],
  snapshot: ({ id, portfolioId, takenAt }) => [
    uniqueKey(DUPLICATE_KEYS.snapshotId, id),
    uniqueKey(DUPLICATE_KEYS.snapshotMoment, portfolioId, takenAt),
  ],
  // One per symbol by being stored under it.
  mark: () => [],
};

export function uniqueKeysOf<Kind extends RowKind>(kind: Kind, row: BookRows[Kind] | undefined): readonly UniqueKey[] {
  return row === undefined ? [] : KEYS[kind](row);
}
