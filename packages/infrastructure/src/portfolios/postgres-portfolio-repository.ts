import {
  NotFoundError,
  type Page,
  type PageRequest,
  type PortfolioReader,
  type PortfolioRepository,
  type PortfolioWithPositions,
} from '@blotter/application';
import type { Portfolio, PortfolioId, StrategyName } from '@blotter/domain';
import { arrayLiteral } from '../database/array-literal.js';
import { readPage, type Direction } from '../database/rows.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import { markedPositionFromRow } from '../positions/position-mapper.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { portfolioFromRow, type PortfolioRow } from './portfolio-mapper.js';
import {
  listPortfolios,
  listPortfoliosByStrategy,
  lockPortfolio,
  lockPortfolios,
  selectCurrentPortfolio,
  selectPortfolio,
  selectPortfolioByName,
  selectPortfolioWithPositions,
} from './portfolio-statements.js';

export class PostgresPortfolioReader implements PortfolioReader {
  constructor(protected readonly runner: StatementRunner) {}

  find(id: PortfolioId): Promise<Portfolio | undefined> {
    return this.one(selectPortfolio, { id });
  }

  async get(id: PortfolioId): Promise<Portfolio> {
    return found(await this.find(id), id);
  }

  findByName(name: string): Promise<Portfolio | undefined> {
    return this.one(selectPortfolioByName, { name });
  }

  findCurrent(): Promise<Portfolio | undefined> {
    return this.one(selectCurrentPortfolio, {});
  }

  async getWithPositions(id: PortfolioId): Promise<PortfolioWithPositions> {
    const rows = await this.runner.run(selectPortfolioWithPositions, { id });
    const row = rows[0]?.portfolio;
    const portfolio = found(row ? portfolioFromRow(row) : undefined, id);
    const positions = rows.flatMap(({ position, markPrice, markAt }) =>
      position ? [markedPositionFromRow({ position, markPrice, markAt })] : [],
    );
    return { portfolio, positions };
  }

  list(page: PageRequest = {}): Promise<Page<Portfolio>> {
    return this.page(listPortfolios, {}, page);
  }

  listByStrategy(strategy: StrategyName, page: PageRequest = {}): Promise<Page<Portfolio>> {
    return this.page(listPortfoliosByStrategy, { strategy }, page);
  }

  protected async one(statement: Statement<PortfolioRow[]>, parameters: Parameters): Promise<Portfolio | undefined> {
    const [row] = await this.runner.run(statement, parameters);
    return row && portfolioFromRow(row);
  }

  private page(
    statements: Readonly<Record<Direction, Statement<PortfolioRow[]>>>,
    parameters: Parameters,
    page: PageRequest,
  ): Promise<Page<Portfolio>> {
    return readPage(
      page,
      'time',
      (direction, edge) => this.runner.run(statements[direction], { ...parameters, ...edge }),
      portfolioFromRow,
      (portfolio) => [portfolio.openedAt, portfolio.id],
    );
  }
}

export class PostgresPortfolioRepository extends PostgresPortfolioReader implements PortfolioRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  findForUpdate(id: PortfolioId): Promise<Portfolio | undefined> {
    return this.one(lockPortfolio, { id });
  }

  async findAllForUpdate(ids: readonly PortfolioId[]): Promise<readonly Portfolio[]> {
    return (await this.runner.run(lockPortfolios, { ids: arrayLiteral(ids) })).map(portfolioFromRow);
  }

  async getForUpdate(id: PortfolioId): Promise<Portfolio> {
    return found(await this.findForUpdate(id), id);
  }

  save(portfolio: Portfolio): Portfolio {
    return this.writes.register().savePortfolio(portfolio);
  }

  remove(portfolio: Portfolio): void {
    this.writes.register().remove({ kind: 'portfolio', entity: portfolio });
  }
}

function found(portfolio: Portfolio | undefined, id: PortfolioId): Portfolio {
  if (!portfolio) throw new NotFoundError('portfolio', id);
  return portfolio;
}
