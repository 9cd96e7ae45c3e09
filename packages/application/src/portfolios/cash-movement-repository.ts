import type { CashMovement, CashMovementId, PortfolioId } from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** Deposits and withdrawals: append-only. Lists are sorted by sequence. */
export interface CashMovementReader {
  find(id: CashMovementId): Promise<CashMovement | undefined>;
  list(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<CashMovement>>;
}

export interface CashMovementRepository extends CashMovementReader {
  /** Registers the movement to be stored. */
  add(movement: CashMovement): void;
}
