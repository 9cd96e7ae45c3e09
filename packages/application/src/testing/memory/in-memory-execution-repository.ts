import type { Execution, ExecutionId, ExecutionKey, OrderId, PortfolioId } from '@blotter/domain';
import { DUPLICATE_KEYS } from '../../duplicate-keys.js';
import { NotFoundError } from '../../errors.js';
import type {
  ExecutionReader,
  ExecutionRepository,
  FillBasis,
  FillKey,
} from '../../executions/execution-repository.js';
import type { Page, PageRequest } from '../../paging/page.js';
import type { BookView } from './book-rows.js';
import { openPosition } from './in-memory-position-repository.js';
import { bySequence, paging, sorted } from './keyset.js';
import { allThere, type Ask, type RepositoryAccess } from './repository-access.js';
import { uniqueKey } from './unique-keys.js';

export class InMemoryExecutionReader implements ExecutionReader {
  constructor(protected readonly ask: Ask) {}

  find(id: ExecutionId): Promise<Execution | undefined> {
    return this.ask((view) => view.row('execution', id));
  }

  findByKey(key: ExecutionKey): Promise<Execution | undefined> {
    return this.ask((view) => executionOf(view, key));
  }

  findAllByKey(keys: readonly ExecutionKey[]): Promise<readonly Execution[]> {
    return allThere(keys.map((key) => this.findByKey(key)));
  }

  list(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Execution>> {
    return this.listWhere((execution) => execution.portfolioId === portfolioId, page);
  }

  listByOrder(orderId: OrderId, page?: PageRequest): Promise<Page<Execution>> {
    return this.listWhere((execution) => execution.orderId === orderId, page);
  }

  async *stream(portfolioId?: PortfolioId): AsyncGenerator<Execution, void, undefined> {
    const isMeant = (execution: Execution) => portfolioId === undefined || execution.portfolioId === portfolioId;
    yield* await this.ask((view) => sorted(bySequence<Execution>(), view.rows('execution').filter(isMeant)));
  }

  private async listWhere(isMeant: (execution: Execution) => boolean, page?: PageRequest): Promise<Page<Execution>> {
    const cut = paging(bySequence<Execution>(), page);
    return this.ask((view) => cut(view.rows('execution').filter(isMeant)));
  }
}

export class InMemoryExecutionRepository extends InMemoryExecutionReader implements ExecutionRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  async getBasis(fill: FillKey): Promise<FillBasis> {
    const { portfolioId, orderId, symbol } = fill;
    const { portfolio, order, ...found } = await this.access.ask((view) => ({
      portfolio: view.row('portfolio', portfolioId),
      order: view.row('order', orderId),
      held: openPosition(view, portfolioId, symbol),
      present: executionOf(view, fill),
    }));
    if (!portfolio) throw new NotFoundError('portfolio', portfolioId);
    if (!order) throw new NotFoundError('order', orderId);
    return { portfolio, order, ...found };
  }

  add(execution: Execution): void {
    this.access.writes().add({ action: 'add', kind: 'execution', fact: execution });
  }
}

function executionOf(view: BookView, key: ExecutionKey): Execution | undefined {
  const { portfolioId, venue, symbol, side, brokerExecutionId } = key;
  const { text } = uniqueKey(DUPLICATE_KEYS.executionKey, portfolioId, venue, symbol, side, brokerExecutionId);
  const id = view.idOfKey(text);
  return id === undefined ? undefined : view.row('execution', id);
}
