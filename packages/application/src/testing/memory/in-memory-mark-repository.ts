import { checkedMark, ValidationError, type Mark, type Ticker } from '@blotter/domain';
import type { MarkReader, MarkRepository } from '../../marks/mark-repository.js';
import type { Ask, RepositoryAccess } from './repository-access.js';

const MAX_SYMBOLS = 1_000;

export class InMemoryMarkReader implements MarkReader {
  constructor(protected readonly ask: Ask) {}

  find(symbol: Ticker): Promise<Mark | undefined> {
    return this.ask((view) => view.row('mark', symbol));
  }

  async findAll(symbols: readonly Ticker[]): Promise<readonly Mark[]> {
    if (symbols.length > MAX_SYMBOLS) {
      throw new ValidationError('INVALID_PAGE', `Ask for at most ${MAX_SYMBOLS} symbols at once.`);
    }
    const sorted = [...new Set(symbols)].sort();
    return this.ask((view) => sorted.map((symbol) => view.row('mark', symbol)).filter((mark) => mark !== undefined));
  }
}

export class InMemoryMarkRepository extends InMemoryMarkReader implements MarkRepository {
  constructor(private readonly access: RepositoryAccess) {
    super(access.ask);
  }

  put(mark: Mark): void {
    this.access.writes().putMark(checkedMark(mark));
  }
}
