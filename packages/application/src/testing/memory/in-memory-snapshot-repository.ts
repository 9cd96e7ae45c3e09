import type { PortfolioId, PortfolioSnapshot, SnapshotId, Timestamp } from '@blotter/domain';
import type { Page, PageRequest } from '../../paging/page.js';
import type { SnapshotReader, SnapshotRepository } from '../../snapshots/snapshot-repository.js';
import { byTime, paging } from './keyset.js';
import type { Ask, RepositoryAccess } from './repository-access.js';

const byMoment = byTime((snapshot: PortfolioSnapshot) => snapshot.takenAt);

export class InMemorySnapshotReader implements SnapshotReader {
  constructor(protected readonly ask: Ask) {}

  find(id: SnapshotId): Promise<PortfolioSnapshot | undefined> {
    return this.ask((view) => view.row('snapshot', id));
  }

  async findLatest(portfolioId: PortfolioId): Promise<PortfolioSnapshot | undefined> {
    const newest = await this.list({ limit: 1, newestFirst: true }, (snapshot) => snapshot.portfolioId === portfolioId);
    return newest.items[0];
  }

  listBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<PortfolioSnapshot>> {
    return this.list(
      page,
      (snapshot) => snapshot.portfolioId === portfolioId && snapshot.takenAt >= from && snapshot.takenAt <= to,
    );
  }

  private async list(
    page: PageRequest | undefined,
    isMeant: (snapshot: PortfolioSnapshot) => boolean,
  ): Promise<Page<PortfolioSnapshot>> {
    const cut = paging(byMoment, page);
    return this.ask((view) => cut(view.rows('snapshot').filter(isMeant)));
  }
}

export class InMemorySnapshotRepository extends InMemorySnapshotReader implements SnapshotRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  add(snapshot: PortfolioSnapshot): void {
    this.access.writes().add({ action: 'add', kind: 'snapshot', fact: Object.freeze({ ...snapshot }) });
  }
}
