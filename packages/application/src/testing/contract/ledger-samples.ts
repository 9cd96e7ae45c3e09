import {
  cashMovement,
  CashMovementId,
  SnapshotId,
  snapshotOf,
  type CashMovement,
  type Portfolio,
  type PortfolioSnapshot,
} from '@blotter/domain';
import { NOON, randomId, usd } from './samples.js';

/** A deposit of 1,000 at the first place of the ledger. */
export function anyDeposit(portfolio: Portfolio, changes: Partial<CashMovement> = {}): CashMovement {
  return cashMovement({
    id: CashMovementId.of(randomId()),
    portfolioId: portfolio.id,
    kind: 'DEPOSIT',
    amount: usd(1_000),
    sequence: 1,
    at: NOON,
    ...changes,
  });
}

/** What the portfolio is worth without positions. */
export function anySnapshot(portfolio: Portfolio, changes: Partial<PortfolioSnapshot> = {}): PortfolioSnapshot {
  return { ...snapshotOf(SnapshotId.of(randomId()), NOON, portfolio, []), ...changes };
}
