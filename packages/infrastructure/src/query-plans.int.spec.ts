import { NotFoundError, WriteSet, type PageRequest } from '@blotter/application';
import {
  BrokerExecutionId,
  BrokerOrderId,
  CashMovementId,
  ClientOrderId,
  ExecutionId,
  Multiplier,
  OrderId,
  PortfolioId,
  PositionId,
  SnapshotId,
  StrategyName,
  Ticker,
  Timestamp,
  Venue,
} from '@blotter/domain';
import { anyOrder, anyPortfolio, anyPosition, anyUuid } from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';
import { Session } from './database/session.js';
import type { RowStreamer } from './database/row-stream.js';
import type { Parameters, Statement, StatementRunner } from './database/statement.js';
import { PostgresExecutionRepository } from './executions/postgres-execution-repository.js';
import { PostgresMarkRepository } from './marks/postgres-mark-repository.js';
import { PostgresOrderRepository } from './orders/postgres-order-repository.js';
import { PostgresCashMovementRepository } from './portfolios/postgres-cash-movement-repository.js';
import { PostgresPortfolioRepository } from './portfolios/postgres-portfolio-repository.js';
import { PostgresPositionRepository } from './positions/postgres-position-repository.js';
import { PostgresSnapshotRepository } from './snapshots/postgres-snapshot-repository.js';
import type { EarlyReader } from './transactions/early-reader.js';
import type { PostgresUnitOfWork } from './transactions/postgres-unit-of-work.js';
import { writeStatement } from './transactions/write-statement.js';

/** A statement, as far as its plan is asked for. */
type NamedText = Pick<Statement<unknown>, 'name' | 'text'>;

/** Collects the statements that the repositories send, and answers that there is nothing. */
class StatementCollector implements StatementRunner, RowStreamer {
  readonly statements = new Map<string, Statement<unknown>>();

  run<Rows>(statement: Statement<Rows>, _parameters: Parameters): Promise<Rows> {
    for (const each of [statement, statement.byId?.many]) if (each) this.statements.set(each.name, each);
    // Every statement of a repository gives rows in an array.
    return Promise.resolve([] as unknown as Rows);
  }

  async *stream<Row>(statement: Statement<Row[]>): AsyncGenerator<readonly Row[]> {
    this.statements.set(statement.name, statement);
    yield await Promise.resolve([]);
  }
}

/** One call for each method that reads: the compiler misses the one that is forgotten. */
type Reads<Repository> = {
  readonly [
    Method in keyof Repository as Repository[Method] extends (
      ...given: never[]
    ) => Promise<unknown> | AsyncIterable<unknown>
      ? Method
      : never
  ]: (repository: Repository, page: PageRequest) => Promise<unknown>;
};

const id = anyUuid();
const portfolioId = PortfolioId.of(id);
const symbol = Ticker.of('S1');
const strategy = StrategyName.of('momentum');
const [from, to] = [Timestamp.of('2026-01-05'), Timestamp.of('2026-01-06')];

const portfolioReads: Reads<PostgresPortfolioRepository> = {
  find: (portfolios) => portfolios.find(portfolioId),
  get: (portfolios) => portfolios.get(portfolioId),
  findForUpdate: (portfolios) => portfolios.findForUpdate(portfolioId),
  getForUpdate: (portfolios) => portfolios.getForUpdate(portfolioId),
  findAllForUpdate: (portfolios) => portfolios.findAllForUpdate([portfolioId]),
  findByName: (portfolios) => portfolios.findByName('name'),
  findCurrent: (portfolios) => portfolios.findCurrent(),
  getWithPositions: (portfolios) => portfolios.getWithPositions(portfolioId),
  list: (portfolios, page) => portfolios.list(page),
  listByStrategy: (portfolios, page) => portfolios.listByStrategy(strategy, page),
};
const orderReads: Reads<PostgresOrderRepository> = {
  find: (orders) => orders.find(OrderId.of(id)),
  findAll: (orders) => orders.findAll([OrderId.of(id)]),
  findAllByClientOrderId: (orders) =>
    orders.findAllByClientOrderId([{ portfolioId, clientOrderId: ClientOrderId.of('c') }]),
  findAllActiveWithOtherMultiplier: (orders) =>
    orders.findAllActiveWithOtherMultiplier([{ portfolioId, symbol, multiplier: Multiplier.one }]),
  get: (orders) => orders.get(OrderId.of(id)),
  getForUpdate: (orders) => orders.getForUpdate(OrderId.of(id)),
  findAllForUpdate: (orders) => orders.findAllForUpdate([OrderId.of(id)]),
  findByClientOrderId: (orders) => orders.findByClientOrderId(portfolioId, ClientOrderId.of('c')),
  findByBrokerOrderId: (orders) => orders.findByBrokerOrderId(portfolioId, BrokerOrderId.of('b')),
  findActiveWithOtherMultiplier: (orders) => orders.findActiveWithOtherMultiplier(portfolioId, symbol, Multiplier.one),
  listActive: (orders, page) => orders.listActive(portfolioId, page),
  listBySymbol: (orders, page) => orders.listBySymbol(portfolioId, symbol, page),
  listByStatus: (orders, page) => orders.listByStatus(portfolioId, 'FILLED', page),
  // Without a portfolio it reads the whole table, which is no matter for an index.
  stream: (orders) => orders.stream(portfolioId)[Symbol.asyncIterator]().next(),
  listCreatedBetween: (orders, page) => orders.listCreatedBetween(portfolioId, from, to, page),
};
const positionReads: Reads<PostgresPositionRepository> = {
  find: (positions) => positions.find(PositionId.of(id)),
  get: (positions) => positions.get(PositionId.of(id)),
  findOpen: (positions) => positions.findOpen(portfolioId, symbol),
  findOpenForUpdate: (positions) => positions.findOpenForUpdate(portfolioId, symbol),
  findAllOpenForUpdate: (positions) => positions.findAllOpenForUpdate([{ portfolioId, symbol }]),
  listOpen: (positions, page) => positions.listOpen(portfolioId, page),
  listClosed: (positions, page) => positions.listClosed(portfolioId, page),
  listBySymbol: (positions, page) => positions.listBySymbol(portfolioId, symbol, page),
  listByStrategy: (positions, page) => positions.listByStrategy(portfolioId, strategy, page),
  listOpenedBetween: (positions, page) => positions.listOpenedBetween(portfolioId, from, to, page),
};
const executionKey = {
  portfolioId,
  venue: Venue.of('XNAS'),
  symbol,
  side: 'BUY' as const,
  brokerExecutionId: BrokerExecutionId.of('e'),
};
const executionReads: Reads<PostgresExecutionRepository> = {
  find: (executions) => executions.find(ExecutionId.of(id)),
  findByKey: (executions) => executions.findByKey(executionKey),
  findAllByKey: (executions) => executions.findAllByKey([executionKey]),
  getBasis: (executions) => executions.getBasis({ ...executionKey, orderId: OrderId.of(id) }),
  list: (executions, page) => executions.list(portfolioId, page),
  stream: (executions) => executions.stream(portfolioId)[Symbol.asyncIterator]().next(),
  listByOrder: (executions, page) => executions.listByOrder(OrderId.of(id), page),
};
const cashMovementReads: Reads<PostgresCashMovementRepository> = {
  find: (movements) => movements.find(CashMovementId.of(id)),
  list: (movements, page) => movements.list(portfolioId, page),
};
const snapshotReads: Reads<PostgresSnapshotRepository> = {
  find: (snapshots) => snapshots.find(SnapshotId.of(id)),
  findLatest: (snapshots) => snapshots.findLatest(portfolioId),
  listBetween: (snapshots, page) => snapshots.listBetween(portfolioId, from, to, page),
};
const markReads: Reads<PostgresMarkRepository> = {
  find: (marks) => marks.find(symbol),
  findAll: (marks) => marks.findAll([symbol]),
};

const WRITES = (['update', 'delete'] as const).flatMap((action) =>
  [
    { kind: 'portfolio', entity: anyPortfolio() } as const,
    { kind: 'order', entity: anyOrder() } as const,
    { kind: 'position', entity: anyPosition() } as const,
  ].map((write) => writeStatement([[{ ...write, action, expected: 1 }]])),
);

const statements: readonly NamedText[] = [...(await statementsOfRepositories()), ...WRITES];

let storage: TestDatabase;
let database: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  database = await Database.connect(storage.config);
  await fill();
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

describe('on tables of 20,000 rows, in the plan that a prepared statement has for any parameters', () => {
  test.each(statements)('$name finds its rows by an index', async (statement) => {
    const nodes = await planOf(statement);
    expect(nodes.filter((node) => node['Node Type'].includes('Seq Scan'))).toEqual([]);
    expect(nodes.filter((node) => node['Index Name'] !== undefined)).not.toEqual([]);
  });

  // Snapshots are sorted by time and id, their index ends with the time: within the range asked for, the server sorts.
  test.each(statements.filter(({ name }) => /^(?!snapshots).*_(oldest|newest)$/.test(name)))(
    '$name comes out of the index in the order of the list: nothing is sorted',
    async (statement) => {
      const nodes = await planOf(statement);
      expect(nodes.filter((node) => node['Node Type'] === 'Sort')).toEqual([]);
    },
  );

  test.each([
    ['orders_active_newest', 'orders_active_idx'],
    ['order_active_with_other_multiplier', 'orders_active_idx'],
    ['positions_open_oldest', 'positions_open_idx'],
    ['portfolio_with_positions', 'positions_open_idx'],
    ['position_open_lock', 'positions_open_key'],
    ['positions_open_lock', 'positions_open_key'],
    ['orders_active_with_other_multipliers', 'orders_active_idx'],
    ['order_by_broker_order_id', 'orders_broker_order_id_key'],
  ])('%s uses the partial index %s', async (name, index) => {
    const statement = statements.find((candidate) => candidate.name === name);
    if (!statement) throw new Error(`There is no statement ${name}.`);
    expect((await planOf(statement)).map((node) => node['Index Name'])).toContain(index);
  });
});

test.each(['portfolio', 'order', 'position', 'execution'])(
  '%s_by_id_gathered finds its rows by an index although its table was new when it was planned',
  async (kind) => {
    const statement = statements.find(({ name }) => name === `${kind}_by_id_gathered`);
    if (!statement) throw new Error(`There is no statement for ${kind}.`);
    const fresh = await createTestDatabase();
    try {
      await using empty = await Database.connect(fresh.config);
      const nodes = await planOf(statement, empty);
      expect(nodes.map((node) => node['Node Type'])).toContain('Index Scan');
    } finally {
      await fresh.drop();
    }
  },
);

test('a statement with arrays keeps its plan, however short they are', async () => {
  const [stored] = await database.query<{ id: string }>('select id from portfolios limit 1');
  if (!stored) throw new Error('The tables are empty.');
  const order = () => anyOrder({ portfolioId: PortfolioId.of(stored.id) });
  await using unit = database.begin();
  // From its sixth use on, the server compares what it would keep with what it has made anew for each.
  for (let use = 1; use <= 6; use += 1) {
    await callAll(unit);
    const saved = unit.orders.saveMany([order(), order(), order(), order()]);
    await unit.flush();
    unit.orders.saveMany(saved.map((each) => each.submit(BrokerOrderId.of(each.id), from)));
    await unit.flush();
  }
  const prepared = await unit.sql<{ text: string; isKept: boolean }>(
    'select statement as text, generic_plans > 0 as "isKept" from pg_prepared_statements',
  );
  const withArrays = prepared.filter(({ text }) => text.includes('[]'));
  expect(withArrays).toHaveLength(10);
  expect(withArrays.filter(({ isKept }) => !isKept)).toEqual([]);
});

test.each(['orders_stream_of_portfolio', 'executions_stream_of_portfolio'])(
  '%s comes out of the index in order by a cursor, for which the first rows count',
  async (name) => {
    const statement = statements.find((candidate) => candidate.name === name);
    const [largest] = await database.query<{ id: string }>('select portfolio_id as id from orders limit 1');
    if (!statement || !largest) throw new Error(`There is no statement ${name}.`);
    const [plan] = await database.query<Record<string, readonly { readonly Plan: PlanNode }[]>>(
      `explain (format json, costs off) declare stream no scroll cursor for ${statement.text.replace('$1', `'${largest.id}'`)}`,
    );
    const nodes = Object.values(plan ?? {}).flatMap((plans) => plans.flatMap(({ Plan }) => withDescendants(Plan)));
    expect(nodes.map((node) => node['Node Type'])).toEqual(['Index Scan']);
  },
);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

async function statementsOfRepositories(): Promise<Statement<unknown>[]> {
  const collector = new StatementCollector();
  const writes = { register: () => new WriteSet() };
  const early: EarlyReader = { runEarly: (_turn, statement, parameters) => collector.run(statement, parameters) };
  await callAll({
    portfolios: new PostgresPortfolioRepository(collector, writes),
    orders: new PostgresOrderRepository(collector, writes),
    positions: new PostgresPositionRepository(collector, writes),
    executions: new PostgresExecutionRepository(collector, writes, early),
    cashMovements: new PostgresCashMovementRepository(collector, writes),
    snapshots: new PostgresSnapshotRepository(collector, writes),
    marks: new PostgresMarkRepository(collector, writes),
  });
  return [...collector.statements.values()];
}

type Repositories = Pick<
  PostgresUnitOfWork,
  'portfolios' | 'orders' | 'positions' | 'executions' | 'cashMovements' | 'snapshots' | 'marks'
>;

async function callAll(repositories: Repositories): Promise<void> {
  await call(repositories.portfolios, portfolioReads);
  await call(repositories.orders, orderReads);
  await call(repositories.positions, positionReads);
  await call(repositories.executions, executionReads);
  await call(repositories.cashMovements, cashMovementReads);
  await call(repositories.snapshots, snapshotReads);
  await call(repositories.marks, markReads);
}

async function call<Repository>(repository: Repository, reads: Reads<Repository>): Promise<void> {
  const calls: ((repository: Repository, page: PageRequest) => Promise<unknown>)[] = Object.values(reads);
  for (const read of calls) {
    for (const newestFirst of [false, true]) {
      await read(repository, { newestFirst }).catch((error: unknown) => {
        if (!(error instanceof NotFoundError)) throw error;
      });
    }
  }
}

/** The plan's nodes, from the top. A generic plan does not look at the parameters, so each may be null. */
async function planOf(statement: NamedText, planner = database): Promise<PlanNode[]> {
  const { text } = statement;
  const parameters = new Set(text.match(/\$\d+/g));
  const nulls = parameters.size === 0 ? '' : `(${[...parameters].map(() => 'null').join(', ')})`;
  await using unit = planner.begin();
  await unit.sql('set local plan_cache_mode = force_generic_plan');
  await unit.sql(`prepare ${statement.name} as ${text}`);
  const rows = await unit.sql<{ plan: readonly { readonly Plan: PlanNode }[] }>(
    `explain (format json, costs off) execute ${statement.name}${nulls}`,
  );
  await unit.sql(`deallocate ${statement.name}`);
  // EXPLAIN names its one column itself.
  const [plan] = rows.flatMap((row) => Object.values(row)).flat();
  if (!plan) throw new Error(`There is no plan of ${statement.name}.`);
  return withDescendants(plan.Plan);
}

function withDescendants(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withDescendants)];
}

/** 50 portfolios with 400 rows each in every table, most of them history; and 20,000 portfolios and marks. */
async function fill(): Promise<void> {
  const session = await Session.connect(storage.config);
  await session.query(`
    insert into portfolios select gen_random_uuid(), 'p' || n, 'USD', case n % 10 when 0 then 'momentum' else 's' || n % 500 end,
      '{}', null, null, null, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, timestamptz '2026-01-05' + n * interval '1 second', 1
    from generate_series(1, 20000) n;
    insert into marks select 'S' || n, 1, now() from generate_series(1, 20000) n;
    create temporary table filled as
      select gen_random_uuid() as id, portfolios.id as portfolio_id, n, 'S' || n % 40 as symbol,
        timestamptz '2026-01-05' + n * interval '1 minute' as at
      from (select id from portfolios order by name limit 50) portfolios, generate_series(1, 400) n;
    insert into orders select id, portfolio_id, 'c' || n, 'b' || n, symbol, 'BUY', 1, 'MARKET', null, null, 'DAY', 1, 'USD',
      'momentum', '{}', case n % 40 when 0 then 'PENDING' when 1 then 'CANCELLED' else 'FILLED' end::order_status,
      case when n % 40 < 2 then 0 else 1 end, 0, 0, null, at, null, null, null, 1 from filled;
    insert into executions select id, portfolio_id, n, id, 'XNAS', 'e' || n, symbol, 'BUY', 1, 1, 1, 0, 'USD', at, at from filled;
    insert into positions select gen_random_uuid(), portfolio_id, 'S' || n, 'USD', 1, case when n <= 10 then 1 else 0 end, 0, 0, 0, 0, 0, null,
      null, case n % 10 when 0 then 'momentum' else 'other' end, '{}', at, case when n <= 10 then null else at end, 1 from filled;
    insert into cash_movements select id, portfolio_id, n, 'DEPOSIT', 1, 'USD', at from filled;
    insert into portfolio_snapshots select id, portfolio_id, at, n, 'USD', 0, 0, 0, 0, 0, 0, 0, 0, 0 from filled;
    drop table filled;
    analyze`);
  await session.close();
}
