import type { CashMovement, CashMovementId, PortfolioId } from '@blotter/domain';
import type { Page, PageRequest } from '../../paging/page.js';
import type { CashMovementReader, CashMovementRepository } from '../../portfolios/cash-movement-repository.js';
import { bySequence, paging } from './keyset.js';
import type { Ask, RepositoryAccess } from './repository-access.js';

export class InMemoryCashMovementReader implements CashMovementReader {
  constructor(protected readonly ask: Ask) {}

  find(id: CashMovementId): Promise<CashMovement | undefined> {
    return this.ask((view) => view.row('cash movement', id));
  }

  async list(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<CashMovement>> {
    const cut = paging(bySequence<CashMovement>(), page);
    return this.ask((view) => cut(view.rows('cash movement').filter((row) => row.portfolioId === portfolioId)));
  }
}

export class InMemoryCashMovementRepository extends InMemoryCashMovementReader implements CashMovementRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  add(movement: CashMovement): void {
    this.access.writes().add({ action: 'add', kind: 'cash movement', fact: Object.freeze({ ...movement }) });
  }
}
