import {
  NotFoundError,
  type OpenPositionKey,
  type Page,
  type PageRequest,
  type PositionReader,
  type PositionRepository,
} from '@blotter/application';
import type {
  MarkedPosition,
  PortfolioId,
  Position,
  PositionId,
  StrategyName,
  Ticker,
  Timestamp,
} from '@blotter/domain';
import { arrayLiteral } from '../database/array-literal.js';
import { readPage, type Direction } from '../database/rows.js';
import type { Parameters, Statement, StatementRunner } from '../database/statement.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { markedPositionFromRow, positionFromRow, type PositionRow } from './position-mapper.js';
import {
  listClosedPositions,
  listOpenPositions,
  listPositionsBySymbol,
  listPositionsByStrategy,
  listPositionsOpenedBetween,
  lockOpenPosition,
  lockOpenPositions,
  selectOpenPosition,
  selectPosition,
} from './position-statements.js';

export class PostgresPositionReader implements PositionReader {
  constructor(protected readonly runner: StatementRunner) {}

  async find(id: PositionId): Promise<Position | undefined> {
    const [row] = await this.runner.run(selectPosition, { id });
    return row && positionFromRow(row);
  }

  async get(id: PositionId): Promise<Position> {
    const position = await this.find(id);
    if (!position) throw new NotFoundError('position', id);
    return position;
  }

  async findOpen(portfolioId: PortfolioId, symbol: Ticker): Promise<MarkedPosition | undefined> {
    const [row] = await this.runner.run(selectOpenPosition, { portfolioId, symbol });
    return row && markedPositionFromRow(row);
  }

  listOpen(portfolioId: PortfolioId, page: PageRequest = {}): Promise<Page<MarkedPosition>> {
    return readPage(
      page,
      'time',
      (direction, edge) => this.runner.run(listOpenPositions[direction], { portfolioId, ...edge }),
      markedPositionFromRow,
      ({ position }) => [position.openedAt, position.id],
    );
  }

  listClosed(portfolioId: PortfolioId, page: PageRequest = {}): Promise<Page<Position>> {
    return this.list(listClosedPositions, { portfolioId }, page);
  }

  listBySymbol(portfolioId: PortfolioId, symbol: Ticker, page: PageRequest = {}): Promise<Page<Position>> {
    return this.list(listPositionsBySymbol, { portfolioId, symbol }, page);
  }

  listByStrategy(portfolioId: PortfolioId, strategy: StrategyName, page: PageRequest = {}): Promise<Page<Position>> {
    return this.list(listPositionsByStrategy, { portfolioId, strategy }, page);
  }

  listOpenedBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page: PageRequest = {},
  ): Promise<Page<Position>> {
    return this.list(listPositionsOpenedBetween, { portfolioId, from, to }, page);
  }

  private list(
    statements: Readonly<Record<Direction, Statement<PositionRow[]>>>,
    parameters: Parameters,
    page: PageRequest,
  ): Promise<Page<Position>> {
    return readPage(
      page,
      'time',
      (direction, edge) => this.runner.run(statements[direction], { ...parameters, ...edge }),
      positionFromRow,
      (position) => [position.openedAt, position.id],
    );
  }
}

export class PostgresPositionRepository extends PostgresPositionReader implements PositionRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  async findOpenForUpdate(portfolioId: PortfolioId, symbol: Ticker): Promise<Position | undefined> {
    const [row] = await this.runner.run(lockOpenPosition, { portfolioId, symbol });
    return row && positionFromRow(row);
  }

  async findAllOpenForUpdate(keys: readonly OpenPositionKey[]): Promise<readonly Position[]> {
    const parameters = {
      portfolioIds: arrayLiteral(keys.map(({ portfolioId }) => portfolioId)),
      symbols: arrayLiteral(keys.map(({ symbol }) => symbol)),
    };
    return (await this.runner.run(lockOpenPositions, parameters)).map(positionFromRow);
  }

  save(position: Position): Position {
    return this.writes.register().savePosition(position);
  }

  remove(position: Position): void {
    this.writes.register().remove({ kind: 'position', entity: position });
  }
}
