import type { MarkedPosition, Portfolio, PortfolioId, StrategyName } from '@blotter/domain';
import { DUPLICATE_KEYS } from '../../duplicate-keys.js';
import { NotFoundError } from '../../errors.js';
import type { Page, PageRequest } from '../../paging/page.js';
import type {
  PortfolioReader,
  PortfolioRepository,
  PortfolioWithPositions,
} from '../../portfolios/portfolio-repository.js';
import type { BookView } from './book-rows.js';
import { byTime, paging } from './keyset.js';
import { allThere, type Ask, type RepositoryAccess } from './repository-access.js';
import { uniqueKey } from './unique-keys.js';

const byOpening = byTime((portfolio: Portfolio) => portfolio.openedAt);

export class InMemoryPortfolioReader implements PortfolioReader {
  constructor(protected readonly ask: Ask) {}

  find(id: PortfolioId): Promise<Portfolio | undefined> {
    return this.ask((view) => view.row('portfolio', id));
  }

  async get(id: PortfolioId): Promise<Portfolio> {
    return there(id, await this.find(id));
  }

  findByName(name: string): Promise<Portfolio | undefined> {
    return this.ask((view) => {
      const id = view.idOfKey(uniqueKey(DUPLICATE_KEYS.portfolioName, name).text);
      return id === undefined ? undefined : view.row('portfolio', id);
    });
  }

  async findCurrent(): Promise<Portfolio | undefined> {
    const newest = await this.list({ limit: 1, newestFirst: true });
    return newest.items[0];
  }

  async getWithPositions(id: PortfolioId): Promise<PortfolioWithPositions> {
    const [portfolio, positions] = await this.ask(
      (view) => [view.row('portfolio', id), markedPositions(view, id)] as const,
    );
    return { portfolio: there(id, portfolio), positions };
  }

  async list(page?: PageRequest): Promise<Page<Portfolio>> {
    const cut = paging(byOpening, page);
    return this.ask((view) => cut(view.rows('portfolio')));
  }

  async listByStrategy(strategy: StrategyName, page?: PageRequest): Promise<Page<Portfolio>> {
    const cut = paging(byOpening, page);
    return this.ask((view) => cut(view.rows('portfolio').filter((portfolio) => portfolio.strategy === strategy)));
  }
}

export class InMemoryPortfolioRepository extends InMemoryPortfolioReader implements PortfolioRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  findForUpdate(id: PortfolioId): Promise<Portfolio | undefined> {
    return this.access.lock('portfolio', () => id);
  }

  findAllForUpdate(ids: readonly PortfolioId[]): Promise<readonly Portfolio[]> {
    return allThere([...new Set(ids)].sort().map((id) => this.findForUpdate(id)));
  }

  async getForUpdate(id: PortfolioId): Promise<Portfolio> {
    return there(id, await this.findForUpdate(id));
  }

  save(portfolio: Portfolio): Portfolio {
    return this.access.writes().savePortfolio(portfolio);
  }

  remove(portfolio: Portfolio): void {
    this.access.writes().remove({ kind: 'portfolio', entity: portfolio });
  }
}

/** In the order of opening, as `listOpen` has them. */
function markedPositions(view: BookView, id: PortfolioId): MarkedPosition[] {
  return view
    .rows('position')
    .filter((position) => position.portfolioId === id && position.isOpen)
    .sort((a, b) => (a.openedAt + a.id < b.openedAt + b.id ? -1 : 1))
    .map((position) => ({ position, mark: view.row('mark', position.symbol) }));
}

function there(id: PortfolioId, portfolio: Portfolio | undefined): Portfolio {
  if (!portfolio) throw new NotFoundError('portfolio', id);
  return portfolio;
}
