import { everyItem } from '@blotter/application';
import { Money, Multiplier, Price, Quantity, Ticker, Timestamp, type Position } from '@blotter/domain';
import {
  arbitraryHistory,
  historyPortfolio,
  referenceBook,
  runHistory,
  type ExecutionStep,
  type HistoryState,
  type HistoryStep,
} from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordHistory } from '../../test/record-history.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { PROOF_SQL } from './proof-sql.js';
import { proveBook } from './prove-book.js';

const SEED = 20_260_105;
const HISTORIES = 120;

let storage: TestDatabase;
let database: Database;

async function openBook(): Promise<void> {
  storage = await createTestDatabase({ settings: { maxPoolSize: 8 } });
  database = await Database.connect(storage.config);
}

async function closeBook(): Promise<void> {
  await database.close();
  await storage.drop();
}

describe(`${HISTORIES} random histories, recorded through the use cases`, () => {
  const histories = fc.sample(arbitraryHistory(), { numRuns: HISTORIES, seed: SEED });

  beforeAll(async () => {
    await openBook();
    const queue = [...histories.entries()];
    const lane = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await recordHistory(database, next[1], next[0] + 1);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  });
  afterAll(closeBook);

  test('the proof in SQL agrees with what is stored on all figures: difference 0, no mismatches', async () => {
    const proof = await proveBook(database);

    expect(proof.mismatches).toEqual([]);
    expect(proof.difference).toBe('0');
    expect(proof.portfolios).toHaveLength(HISTORIES * 11);
    const [rows] = await database.query<{ figures: number }>(
      `select ((select count(*) from portfolios) * 12 + (select count(*) from positions) * 6
             + (select count(*) from orders) * 3 + (select count(*) from portfolio_snapshots) * 6)::int as figures`,
    );
    expect(proof.checked).toBe(rows?.figures);
  });

  test('the domain, run over the same histories in memory, comes to the same portfolios, positions, orders and executions', async () => {
    for (const [index, steps] of histories.entries()) {
      expect(await storedBook(index + 1)).toEqual(domainBook(runHistory(steps, index + 1).final));
    }
  });

  test('an independent reckoning with decimals of 300 digits comes to what the SQL proof recomputes', async () => {
    const { portfolios } = await proveBook(database);
    for (const [index, steps] of histories.entries()) {
      const { id } = historyPortfolio(index + 1);
      const recomputed = Object.fromEntries(
        portfolios.filter(({ portfolioId }) => portfolioId === id).map((figure) => [figure.figure, figure.recomputed]),
      );
      const { figures, trades, wins, losses, entries } = referenceBook(steps);
      expect(recomputed).toEqual({
        cash: figures.cash,
        deposits: figures.deposits,
        withdrawals: figures.withdrawals,
        'realised P&L': figures.realised,
        commissions: figures.commissions,
        trades: String(trades),
        won: String(wins),
        lost: String(losses),
        'gross profit': figures.grossProfit,
        'gross loss': figures.grossLoss,
        'last sequence': String(entries),
      });
    }
  });

  test('the accounting identity holds: cash = deposits − withdrawals + realised P&L − commissions − cost basis', async () => {
    const rows = await database.query<{ residue: string }>(
      `select trim_scale(cash - (deposits - withdrawals + realised_pnl - commissions - coalesce(held.cost_basis, 0)))::text as residue
       from portfolios left join (select portfolio_id, sum(cost_basis) as cost_basis from positions group by 1) held
         on held.portfolio_id = portfolios.id`,
    );
    expect(rows).toHaveLength(HISTORIES);
    expect(rows.filter(({ residue }) => residue !== '0')).toEqual([]);
  });

  test('at least a quarter of the histories make a rounding happen', () => {
    const rounding = histories.filter((steps) => referenceBook(steps).coverage.roundings > 0);
    expect(rounding.length).toBeGreaterThanOrEqual(HISTORIES / 4);
  });

  test('a proof can be asked for of some portfolios alone', async () => {
    const ids = [historyPortfolio(3).id, historyPortfolio(5).id];
    const proof = await proveBook(database, { portfolioIds: ids });
    expect(new Set(proof.portfolios.map(({ portfolioId }) => portfolioId))).toEqual(new Set(ids));
    expect(proof.difference).toBe('0');
  });
});

describe('a book that somebody has tampered with', () => {
  /** A long, a short, a flip, a part fill, a close with profit and one with loss, thirds that must be rounded. */
  const steps: HistoryStep[] = [
    { kind: 'deposit', amount: usd('100000') },
    fill(0, 'AAPL', 'BUY', '3', '100.000000000000000001', '1', '7'),
    fill(0, 'AAPL', 'BUY', '4', '101', '0.35', '7'),
    fill(1, 'AAPL', 'SELL', '2', '103', '0.35'),
    fill(2, 'AAPL', 'SELL', '12', '99.5', '1'),
    fill(3, 'BTC-USD', 'SELL', '1.5', '40000', '2', '2'),
    fill(4, 'BTC-USD', 'BUY', '1.5', '39000', '2'),
    { kind: 'withdrawal', amount: usd('250.25') },
    fill(5, 'BTC-USD', 'BUY', '1', '39000', '2'),
    fill(6, 'BTC-USD', 'SELL', '1', '38000', '-0.5'),
    fill(7, 'ESZ6', 'BUY', '3', '5000.25', '4', '3'),
    { kind: 'withdrawal', amount: usd('1') },
  ];

  beforeAll(async () => {
    await openBook();
    await recordHistory(database, steps, 1);
  });
  afterAll(closeBook);

  test('is proven as long as nobody has', async () => {
    expect(await proofAfter('select')).toBe('0');
    expect((await proveBook(database)).mismatches).toEqual([]);
  });

  const figures: Readonly<Record<string, readonly string[]>> = {
    portfolios: ['cash', 'deposits', 'withdrawals', 'realised_pnl', 'commissions', 'gross_profit', 'gross_loss'],
    positions: ['quantity', 'cost_basis', 'realised_pnl', 'commission', 'invested', 'max_value'],
    orders: ['filled_quantity', 'filled_notional', 'commission'],
    portfolio_snapshots: ['cash', 'deposits', 'withdrawals', 'realised_pnl', 'commissions', 'cost_basis'],
    executions: ['quantity', 'price', 'commission'],
    cash_movements: ['amount'],
  };
  for (const [table, columns] of Object.entries(figures)) {
    test.each(columns)(
      `fails the proof when %s of any row of ${table} is changed by 10^-18, either way`,
      async (column) => {
        const rows = await database.query<{ id: string }>(`select id from ${table}`);
        expect(rows.length).toBeGreaterThan(0);
        for (const { id } of rows) {
          for (const step of ['+', '-']) {
            const change = `update ${table} set ${column} = ${column} ${step} 0.000000000000000001 where id = '${id}'`;
            expect(await proofAfter(change), change).not.toBe('0');
          }
        }
      },
    );
  }

  test.each(['trade_count', 'win_count', 'loss_count', 'last_sequence'])(
    'fails the proof when %s of the portfolio is one more',
    async (column) => {
      expect(await proofAfter(`update portfolios set ${column} = ${column} + 1`)).not.toBe('0');
    },
  );

  test.each(['executions', 'cash_movements', 'positions', 'orders'])(
    'fails the proof when any one row of %s is deleted',
    async (table) => {
      const rows = await database.query<{ id: string }>(`select id from ${table}`);
      for (const { id } of rows) {
        const change = `delete from ${table} where id = '${id}'`;
        expect(await proofAfter(change), change).not.toBe('0');
      }
    },
  );

  test('fails the proof when a position is there that no execution opened', async () => {
    const columns = `portfolio_id, 'NONE', currency, multiplier, 1, 0, 0, 0, 0, 0, null, null, null, '{}', opened_at, null, 1`;
    expect(
      await proofAfter(`insert into positions select gen_random_uuid(), ${columns} from positions limit 1`),
    ).not.toBe('0');
  });

  test('is as it was after all this: every change was rolled back', async () => {
    expect((await proveBook(database)).difference).toBe('0');
  });
});

/** The total difference that the proof finds after a change, which is undone. Nothing of the schema stands in its way. */
async function proofAfter(change: string): Promise<string | undefined> {
  await using unit = database.begin();
  await unit.sql('set local session_replication_role = replica');
  for (const [table, constraints] of Object.entries(GUARDS)) {
    for (const constraint of constraints) await unit.sql(`alter table ${table} drop constraint ${constraint}`);
  }
  await unit.sql(change);
  const rows = await unit.sql<{ total: string }>(PROOF_SQL, ['*']);
  return rows[0]?.total;
}

/** The checks that would refuse some of the changes before the proof can find them. */
const GUARDS = {
  portfolios: ['portfolios_flows_check', 'portfolios_counts_check'],
  positions: ['positions_closed_check', 'positions_cost_basis_check', 'positions_amounts_check'],
  orders: ['orders_filled_check'],
  portfolio_snapshots: ['portfolio_snapshots_identity_check'],
} as const;

function usd(amount: string): Money {
  return Money.of(amount, 'USD');
}

function fill(
  order: number,
  symbol: string,
  side: ExecutionStep['side'],
  quantity: string,
  price: string,
  commission: string,
  orderQuantity = quantity,
): ExecutionStep {
  return {
    kind: 'execution',
    order,
    orderQuantity: Quantity.of(orderQuantity),
    symbol: Ticker.of(symbol),
    side,
    quantity: Quantity.of(quantity),
    price: Price.of(price),
    multiplier: Multiplier.one,
    commission: usd(commission),
  };
}

const EVER = { from: Timestamp.of('2000-01-01'), to: Timestamp.of('2100-01-01') };

async function storedBook(run: number) {
  const { id } = historyPortfolio(run);
  const portfolio = await database.read.portfolios.get(id);
  const positions: Position[] = [];
  for await (const { position } of everyItem((page) => database.read.positions.listOpen(id, page)))
    positions.push(position);
  for await (const position of everyItem((page) => database.read.positions.listClosed(id, page)))
    positions.push(position);
  const orders = [];
  for await (const order of everyItem((page) =>
    database.read.orders.listCreatedBetween(id, EVER.from, EVER.to, page),
  )) {
    orders.push(order.atVersion(0));
  }
  const executions = [];
  for await (const execution of everyItem((page) => database.read.executions.list(id, page))) {
    executions.push(execution);
  }
  return {
    portfolio: portfolio.atVersion(0),
    positions: byId(positions.map((position) => position.atVersion(0))),
    orders: byId(orders),
    executions: byId(executions),
  };
}

function domainBook(state: HistoryState) {
  return {
    portfolio: state.portfolio,
    positions: byId([...state.open.values(), ...state.closed]),
    orders: byId([...state.orders.values()]),
    executions: byId(state.executions),
  };
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
}
