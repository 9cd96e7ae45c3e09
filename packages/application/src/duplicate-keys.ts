/** A unique key of the book. */
export interface DuplicateKey {
  /** What it is called in a DuplicateError. */
  readonly key: string;
  /** Whether the loser of a race finds the winner's row when it looks again: then the work may be repeated. */
  readonly repeatable: boolean;
}

/** Every unique key of the book, by the names that all adapters use. */
export const DUPLICATE_KEYS = {
  portfolioId: { key: 'portfolio id', repeatable: true },
  portfolioName: { key: 'portfolio name', repeatable: false },
  orderId: { key: 'order id', repeatable: false },
  clientOrderId: { key: 'client order id', repeatable: false },
  brokerOrderId: { key: 'broker order id', repeatable: false },
  positionId: { key: 'position id', repeatable: false },
  openPosition: { key: 'open position', repeatable: true },
  executionId: { key: 'execution id', repeatable: false },
  executionKey: { key: 'execution key', repeatable: true },
  executionSequence: { key: 'execution sequence', repeatable: true },
  cashMovementId: { key: 'cash movement id', repeatable: false },
  cashMovementSequence: { key: 'cash movement sequence', repeatable: true },
  snapshotId: { key: 'snapshot id', repeatable: false },
  snapshotMoment: { key: 'snapshot moment', repeatable: false },
} as const satisfies Readonly<Record<string, DuplicateKey>>;
