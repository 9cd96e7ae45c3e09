import {
  NotFoundError,
  type ExecutionReader,
  type ExecutionRepository,
  type FillBasis,
  type FillKey,
  type Page,
  type PageRequest,
} from '@blotter/application';
import type { Execution, ExecutionId, ExecutionKey, OrderId, PortfolioId } from '@blotter/domain';
import { and, asc, eq, isNull, sql, type SQL } from 'drizzle-orm';
import { arrayLiteral, arrayOf } from '../database/array-literal.js';
import { eachItem, type RowStreamer } from '../database/row-stream.js';
import { pageClauses, readPage, type Direction } from '../database/rows.js';
import {
  statement,
  statementById,
  type Parameters,
  type Statement,
  type StatementRunner,
} from '../database/statement.js';
import { orderFromRow, type OrderRow } from '../orders/order-mapper.js';
import { orders } from '../orders/order-table.js';
import { portfolioFromRow, type PortfolioRow } from '../portfolios/portfolio-mapper.js';
import { portfolios } from '../portfolios/portfolio-table.js';
import { positionFromRow, type PositionRow } from '../positions/position-mapper.js';
import { positions } from '../positions/position-table.js';
import type { EarlyReader } from '../transactions/early-reader.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { executionFromRow, type ExecutionRow } from './execution-mapper.js';
import { executions } from './execution-table.js';

const { placeholder } = sql;

const selectExecution = statementById<ExecutionRow>('execution_by_id', (database) =>
  database
    .select()
    .from(executions)
    .where(eq(executions.id, placeholder('id'))),
);

const selectExecutionByKey = statement<ExecutionRow[]>('execution_by_key', (database) =>
  database
    .select()
    .from(executions)
    .where(
      and(
        eq(executions.portfolioId, placeholder('portfolioId')),
        eq(executions.venue, placeholder('venue')),
        eq(executions.symbol, placeholder('symbol')),
        eq(executions.side, placeholder('side')),
        eq(executions.brokerExecutionId, placeholder('brokerExecutionId')),
      ),
    ),
);

const selectExecutionsByKeys = statement<ExecutionRow[]>('executions_by_keys', (database) =>
  database
    .select()
    .from(executions)
    .where(
      sql`(${executions.portfolioId}, ${executions.venue}, ${executions.symbol}, ${executions.side}, ${executions.brokerExecutionId})
        in (select * from unnest(${arrayOf('portfolioIds', 'uuid')}, ${arrayOf('venues', 'text')},
          ${arrayOf('symbols', 'text')}, ${arrayOf('sides', 'order_side')}, ${arrayOf('brokerExecutionIds', 'text')}))`,
    ),
);

interface FillBasisRow {
  readonly portfolio: PortfolioRow;
  readonly order: OrderRow | null;
  readonly position: PositionRow | null;
  readonly execution: ExecutionRow | null;
}

/** One statement, so that all of it is of one moment. */
const selectFillBasis = statement<FillBasisRow[]>('fill_basis', (database) =>
  database
    .select({ portfolio: portfolios, order: orders, position: positions, execution: executions })
    .from(portfolios)
    .leftJoin(orders, eq(orders.id, placeholder('orderId')))
    .leftJoin(
      positions,
      and(
        eq(positions.portfolioId, portfolios.id),
        eq(positions.symbol, placeholder('symbol')),
        isNull(positions.closedAt),
      ),
    )
    .leftJoin(
      executions,
      and(
        eq(executions.portfolioId, portfolios.id),
        eq(executions.venue, placeholder('venue')),
        eq(executions.symbol, placeholder('symbol')),
        eq(executions.side, placeholder('side')),
        eq(executions.brokerExecutionId, placeholder('brokerExecutionId')),
      ),
    )
    .where(eq(portfolios.id, placeholder('portfolioId'))),
);

const streamExecutions = statement<ExecutionRow[]>('executions_stream', (database) =>
  database.select().from(executions),
);
const streamExecutionsOfPortfolio = statement<ExecutionRow[]>('executions_stream_of_portfolio', (database) =>
  database
    .select()
    .from(executions)
    .where(eq(executions.portfolioId, placeholder('portfolioId')))
    .orderBy(asc(executions.sequence)),
);

const list = (name: string, condition: SQL) => {
  const inDirection = (direction: Direction) =>
    statement<ExecutionRow[]>(`executions_${name}_${direction}`, (database) => {
      const page = pageClauses({ first: executions.sequence, second: executions.id }, direction, condition);
      return database
        .select()
        .from(executions)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(placeholder('limit'));
    });
  return { oldest: inDirection('oldest'), newest: inDirection('newest') };
};
const listByPortfolio = list('by_portfolio', eq(executions.portfolioId, placeholder('portfolioId')));
const listByOrder = list('by_order', eq(executions.orderId, placeholder('orderId')));

export class PostgresExecutionReader implements ExecutionReader {
  constructor(protected readonly runner: StatementRunner & RowStreamer) {}

  async find(id: ExecutionId): Promise<Execution | undefined> {
    const [row] = await this.runner.run(selectExecution, { id });
    return row && executionFromRow(row);
  }

  async findByKey(key: ExecutionKey): Promise<Execution | undefined> {
    const { portfolioId, venue, symbol, side, brokerExecutionId } = key;
    const [row] = await this.runner.run(selectExecutionByKey, { portfolioId, venue, symbol, side, brokerExecutionId });
    return row && executionFromRow(row);
  }

  async findAllByKey(keys: readonly ExecutionKey[]): Promise<readonly Execution[]> {
    const rows = await this.runner.run(selectExecutionsByKeys, {
      portfolioIds: arrayLiteral(keys.map(({ portfolioId }) => portfolioId)),
      venues: arrayLiteral(keys.map(({ venue }) => venue)),
      symbols: arrayLiteral(keys.map(({ symbol }) => symbol)),
      sides: arrayLiteral(keys.map(({ side }) => side)),
      brokerExecutionIds: arrayLiteral(keys.map(({ brokerExecutionId }) => brokerExecutionId)),
    });
    return rows.map(executionFromRow);
  }

  list(portfolioId: PortfolioId, page: PageRequest = {}): Promise<Page<Execution>> {
    return this.page(listByPortfolio, { portfolioId }, page);
  }

  listByOrder(orderId: OrderId, page: PageRequest = {}): Promise<Page<Execution>> {
    return this.page(listByOrder, { orderId }, page);
  }

  stream(portfolioId?: PortfolioId): AsyncIterable<Execution> {
    const rows =
      portfolioId === undefined
        ? this.runner.stream(streamExecutions, {})
        : this.runner.stream(streamExecutionsOfPortfolio, { portfolioId });
    return eachItem(rows, executionFromRow);
  }

  private page(
    statements: Readonly<Record<Direction, Statement<ExecutionRow[]>>>,
    parameters: Parameters,
    page: PageRequest,
  ): Promise<Page<Execution>> {
    return readPage(
      page,
      'sequence',
      (direction, edge) => this.runner.run(statements[direction], { ...parameters, ...edge }),
      executionFromRow,
      (execution) => [String(execution.sequence), execution.id],
    );
  }
}

export class PostgresExecutionRepository extends PostgresExecutionReader implements ExecutionRepository {
  constructor(
    runner: StatementRunner & RowStreamer,
    private readonly writes: WriteRegister,
    private readonly early: EarlyReader,
  ) {
    super(runner);
  }

  async getBasis(fill: FillKey): Promise<FillBasis> {
    const { portfolioId, orderId, venue, symbol, side, brokerExecutionId } = fill;
    const parameters = { portfolioId, orderId, venue, symbol, side, brokerExecutionId };
    const [row] = await this.early.runEarly(portfolioId, selectFillBasis, parameters);
    if (!row) throw new NotFoundError('portfolio', portfolioId);
    const { portfolio, order, position, execution } = row;
    if (!order) throw new NotFoundError('order', orderId);
    return {
      portfolio: portfolioFromRow(portfolio),
      order: orderFromRow(order),
      held: position ? positionFromRow(position) : undefined,
      present: execution ? executionFromRow(execution) : undefined,
    };
  }

  add(execution: Execution): void {
    this.writes.register().add({ action: 'add', kind: 'execution', fact: execution });
  }
}
