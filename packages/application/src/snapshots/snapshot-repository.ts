import type { PortfolioId, PortfolioSnapshot, SnapshotId, Timestamp } from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** Snapshots of portfolios: append-only, one per portfolio and moment. Lists are sorted by time, then by id. */
export interface SnapshotReader {
  find(id: SnapshotId): Promise<PortfolioSnapshot | undefined>;
  findLatest(portfolioId: PortfolioId): Promise<PortfolioSnapshot | undefined>;
  /** The history of a portfolio; both ends included. */
  listBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<PortfolioSnapshot>>;
}

export interface SnapshotRepository extends SnapshotReader {
  /** Registers the snapshot to be stored. */
  add(snapshot: PortfolioSnapshot): void;
}
