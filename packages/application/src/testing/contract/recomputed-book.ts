import {
  applyExecution,
  Money,
  Portfolio,
  type CashMovement,
  type Execution,
  type PortfolioId,
  type Position,
  type Ticker,
} from '@blotter/domain';
import { expect } from 'vitest';
import { everyItem } from '../../paging/every-item.js';
import type { BookReader } from '../../transactions/unit-of-work.js';

type Entry = { readonly movement: CashMovement } | { readonly execution: Execution };

/**
 * Expects the ledger to have no gap, and portfolio and positions to be what the fold of the ledger makes them, to the last
 * digit: cash = deposits − withdrawals + realised P&L − commissions − signed cost basis of the open positions.
 */
export async function expectExactBook(read: BookReader, id: PortfolioId): Promise<void> {
  const { portfolio, positions } = await read.portfolios.getWithPositions(id);
  const ledger = await readLedger(read, id);
  expect(ledger.map(sequenceOf)).toEqual(ledger.map((_, index) => index + 1));
  const folded = fold(portfolio, ledger);
  expect(figuresOf(portfolio)).toEqual(figuresOf(folded.portfolio));
  const held = positions.map(({ position }) => position);
  expect(held.map(holdingOf).sort(byId)).toEqual([...folded.open.values()].map(holdingOf).sort(byId));
  const cost = held.reduce((sum, { costBasis }) => sum.plus(costBasis), Money.zero(portfolio.currency));
  const { cash, realisedPnl, commissions, capital } = portfolio;
  expect(cash.toString()).toBe(capital.plus(realisedPnl).minus(commissions).minus(cost).toString());
}

async function readLedger(read: BookReader, id: PortfolioId): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const movement of everyItem((page) => read.cashMovements.list(id, page))) entries.push({ movement });
  for await (const execution of everyItem((page) => read.executions.list(id, page))) entries.push({ execution });
  return entries.sort((a, b) => sequenceOf(a) - sequenceOf(b));
}

function fold(stored: Portfolio, ledger: readonly Entry[]): { portfolio: Portfolio; open: Map<Ticker, Position> } {
  let portfolio = Portfolio.open(stored);
  const open = new Map<Ticker, Position>();
  for (const entry of ledger) {
    if ('movement' in entry) {
      portfolio = portfolio.move(entry.movement);
      continue;
    }
    const { execution } = entry;
    const change = applyExecution(open.get(execution.symbol), execution);
    portfolio = portfolio.record(execution, change);
    if (change.open) open.set(execution.symbol, change.open);
    else open.delete(execution.symbol);
  }
  return { portfolio, open };
}

function sequenceOf(entry: Entry): number {
  return 'movement' in entry ? entry.movement.sequence : entry.execution.sequence;
}

function figuresOf(portfolio: Portfolio): Record<string, string | number> {
  const { cash, deposits, withdrawals, realisedPnl, commissions, grossProfit, grossLoss } = portfolio;
  const { tradeCount, winCount, lossCount, lastSequence } = portfolio;
  const amounts = { cash, deposits, withdrawals, realisedPnl, commissions, grossProfit, grossLoss };
  const texts = Object.entries(amounts).map(([name, amount]) => [name, amount.toString()] as const);
  return { ...Object.fromEntries(texts), tradeCount, winCount, lossCount, lastSequence };
}

function holdingOf({ id, quantity, costBasis, realisedPnl, commission }: Position) {
  const [held, cost] = [quantity.toString(), costBasis.toString()];
  return { id, held, cost, realised: realisedPnl.toString(), commission: commission.toString() };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
