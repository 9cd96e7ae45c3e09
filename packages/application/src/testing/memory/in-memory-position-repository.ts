import type {
  MarkedPosition,
  PortfolioId,
  Position,
  PositionId,
  StrategyName,
  Ticker,
  Timestamp,
} from '@blotter/domain';
import { DUPLICATE_KEYS } from '../../duplicate-keys.js';
import { NotFoundError } from '../../errors.js';
import type { Page, PageRequest } from '../../paging/page.js';
import type { OpenPositionKey, PositionReader, PositionRepository } from '../../positions/position-repository.js';
import type { BookView } from './book-rows.js';
import { byTime, paging } from './keyset.js';
import { allThere, type Ask, type RepositoryAccess } from './repository-access.js';
import { uniqueKey } from './unique-keys.js';

const byOpening = byTime((position: Position) => position.openedAt);

export class InMemoryPositionReader implements PositionReader {
  constructor(protected readonly ask: Ask) {}

  find(id: PositionId): Promise<Position | undefined> {
    return this.ask((view) => view.row('position', id));
  }

  async get(id: PositionId): Promise<Position> {
    const position = await this.find(id);
    if (!position) throw new NotFoundError('position', id);
    return position;
  }

  findOpen(portfolioId: PortfolioId, symbol: Ticker): Promise<MarkedPosition | undefined> {
    return this.ask((view) => {
      const position = openPosition(view, portfolioId, symbol);
      return position && marked(view, position);
    });
  }

  async listOpen(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<MarkedPosition>> {
    const cut = paging(byOpening, page);
    return this.ask((view) => {
      const { items, next } = cut(ofPortfolio(view, portfolioId, (position) => position.isOpen));
      return { items: items.map((position) => marked(view, position)), next };
    });
  }

  listClosed(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Position>> {
    return this.list(portfolioId, page, (position) => !position.isOpen);
  }

  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page?: PageRequest): Promise<Page<Position>> {
    return this.list(portfolioId, page, (position) => position.symbol === symbol);
  }

  listByStrategy(portfolioId: PortfolioId, strategy: StrategyName, page?: PageRequest): Promise<Page<Position>> {
    return this.list(portfolioId, page, (position) => position.strategy === strategy);
  }

  listOpenedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page?: PageRequest,
  ): Promise<Page<Position>> {
    return this.list(portfolioId, page, ({ openedAt }) => openedAt >= from && openedAt <= to);
  }

  private async list(
    portfolioId: PortfolioId,
    page: PageRequest | undefined,
    isMeant: (position: Position) => boolean,
  ): Promise<Page<Position>> {
    const cut = paging(byOpening, page);
    return this.ask((view) => cut(ofPortfolio(view, portfolioId, isMeant)));
  }
}

export class InMemoryPositionRepository extends InMemoryPositionReader implements PositionRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  /**
   * As PostgreSQL at READ COMMITTED: a position that was closed while this waited is gone, and one that was opened
   * meanwhile is not seen. Who needs to know holds the portfolio's lock.
   */
  async findOpenForUpdate(portfolioId: PortfolioId, symbol: Ticker): Promise<Position | undefined> {
    const locked = await this.access.lock('position', (view) => openPosition(view, portfolioId, symbol)?.id);
    return locked?.isOpen ? locked : undefined;
  }

  async findAllOpenForUpdate(keys: readonly OpenPositionKey[]): Promise<readonly Position[]> {
    const open = await this.access.ask((view) =>
      keys.flatMap(({ portfolioId, symbol }) => openPosition(view, portfolioId, symbol) ?? []),
    );
    const ids = [...new Set(open.map(({ id }) => id))].sort();
    const locked = await allThere(ids.map((id) => this.access.lock('position', () => id)));
    return locked.filter(({ isOpen }) => isOpen);
  }

  save(position: Position): Position {
    return this.access.writes().savePosition(position);
  }

  remove(position: Position): void {
    this.access.writes().remove({ kind: 'position', entity: position });
  }
}

export function openPosition(view: BookView, portfolioId: PortfolioId, symbol: Ticker): Position | undefined {
  const id = view.idOfKey(uniqueKey(DUPLICATE_KEYS.openPosition, portfolioId, symbol).text);
  return id === undefined ? undefined : view.row('position', id);
}

function ofPortfolio(view: BookView, portfolioId: PortfolioId, isMeant: (position: Position) => boolean): Position[] {
  return view.rows('position').filter((position) => position.portfolioId === portfolioId && isMeant(position));
}

function marked(view: BookView, position: Position): MarkedPosition {
  return { position, mark: view.row('mark', position.symbol) };
}
