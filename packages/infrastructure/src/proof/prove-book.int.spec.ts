import { Blotter, everyItem } from '@blotter/application';
import { Price, Ticker, Timestamp, type Position } from '@blotter/domain';
import {
  arbitraryHistory,
  historyPortfolio,
  referenceBook,
  runHistory,
  type HistoryState,
} from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordHistory } from '../../test/record-history.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import { proveBook } from './prove-book.js';

const SEED = 20_260_105;
const HISTORIES = 120;

let storage: TestDatabase;
let database: Database;

describe(`${HISTORIES} random histories, recorded through the use cases`, () => {
  const histories = fc.sample(arbitraryHistory(), { numRuns: HISTORIES, seed: SEED });

  beforeAll(async () => {
    storage = await createTestDatabase({ settings: { maxPoolSize: 8 } });
    database = await Database.connect(storage.config);
    // The third symbol of the histories has no mark: it is valued at cost.
    await new Blotter(database).markToMarket([
      { symbol: Ticker.of('AAPL'), price: Price.of('187.123456789012345678'), at: EVER.from },
      { symbol: Ticker.of('BTC-USD'), price: Price.of('0.000000000000000003'), at: EVER.from },
    ]);
    const queue = [...histories.entries()];
    const lane = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await recordHistory(database, next[1], next[0] + 1);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  });
  afterAll(async () => {
    await database.close();
    await storage.drop();
  });

  test('the proof in SQL agrees with what is stored on all figures: difference 0, no mismatches', async () => {
    const proof = await proveBook(database);

    expect(proof.mismatches).toEqual([]);
    expect(proof.difference).toBe('0');
    expect(proof.portfolios).toHaveLength(HISTORIES * 11);
    const [rows] = await database.query<{ figures: number }>(
      `select ((select count(*) from portfolios) * 12 + (select count(*) from positions) * 9 + (select count(*) from orders) * 3
             + (select count(distinct order_id) from executions) + (select count(*) from portfolio_snapshots) * 10)::int as figures`,
    );
    expect(proof.checked).toBe(rows?.figures);
  });

  test('among the snapshots are some with positions at their marks and some with positions at cost', async () => {
    const [rows] = await database.query<{ marked: number; unmarked: number }>(
      `select count(*) filter (where unmarked_positions < open_positions)::int as marked,
              count(*) filter (where unmarked_positions > 0)::int as unmarked from portfolio_snapshots`,
    );
    expect(rows?.marked).toBeGreaterThanOrEqual(HISTORIES / 2);
    expect(rows?.unmarked).toBeGreaterThanOrEqual(HISTORIES / 4);
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
