import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Money, Portfolio, Position } from './index.js';
import {
  arbitraryHistory,
  referenceBook,
  runHistory,
  type Coverage,
  type HistoryState,
  type HistoryStep,
} from './testing/index.js';

const RUNS = 1_500;

test('at every step of every history, cash = deposits − withdrawals + realised P&L − commissions − cost basis', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (steps) => {
      for (const state of runHistory(steps).states) {
        const { portfolio } = state;
        const cash = portfolio.deposits
          .minus(portfolio.withdrawals)
          .plus(portfolio.realisedPnl)
          .minus(portfolio.commissions)
          .minus(sum(state.open.values(), portfolio, ({ costBasis }) => costBasis));
        expect(portfolio.cash).toEqual(cash);
      }
    }),
    { numRuns: RUNS },
  );
});

test('at every step of every history, the positions and the orders add up to the portfolio', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (steps) => {
      for (const state of runHistory(steps).states) addsUp(state);
    }),
    { numRuns: RUNS },
  );
});

test('every history comes to the same figures as an independent reckoning with decimals of 300 digits', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (steps) => {
      expect(figuresOf(runHistory(steps).final)).toEqual(expectedFigures(steps));
    }),
    { numRuns: RUNS },
  );
});

test('not only the end of a history agrees with the independent reckoning, but each of its steps', () => {
  fc.assert(
    fc.property(arbitraryHistory(), (steps) => {
      runHistory(steps).states.forEach((state, index) => {
        expect(figuresOf(state)).toEqual(expectedFigures(steps.slice(0, index + 1)));
      });
    }),
    { numRuns: 100 },
  );
});

test('the histories cover the ground: at least a quarter of them round, and all that can happen does happen', () => {
  const histories = fc.sample(arbitraryHistory(), { numRuns: 1_000, seed: 20260105 });
  const coverages = histories.map((steps) => referenceBook(steps).coverage);
  const share = (what: keyof Coverage) => coverages.filter((coverage) => coverage[what] > 0).length / histories.length;

  expect(share('roundings')).toBeGreaterThan(0.25);
  expect(share('roundedFlips')).toBeGreaterThan(0.1);
  const happenings: (keyof Coverage)[] = [
    'flips',
    'longs',
    'shorts',
    'closes',
    'reductions',
    'rebates',
    'partialFills',
    'fullScale',
    'contracts',
  ];
  for (const what of happenings) expect(share(what), what).toBeGreaterThan(0.25);
  expect(share('refusedWithdrawals')).toBeGreaterThan(0.05);
  expect(histories.some((steps) => executions(steps) >= 20)).toBe(true);
});

test('a history follows from its seed alone', () => {
  const sample = () => fc.sample(arbitraryHistory(), { numRuns: 20, seed: 7 });
  expect(sample()).toEqual(sample());
});

function addsUp({ portfolio, open, closed, orders, executions: booked }: HistoryState): void {
  const positions = [...open.values(), ...closed];
  expect(sum(positions, portfolio, ({ realisedPnl }) => realisedPnl)).toEqual(portfolio.realisedPnl);
  expect(sum(positions, portfolio, ({ commission }) => commission)).toEqual(portfolio.commissions);
  expect(sum(orders.values(), portfolio, ({ commission }) => commission)).toEqual(portfolio.commissions);
  expect(sum(orders.values(), portfolio, ({ filledNotional }) => filledNotional)).toEqual(
    sum(booked, portfolio, ({ notional }) => notional),
  );
  const nets = closed.map((position) => position.totalPnl());
  expect(portfolio.tradeCount).toBe(closed.length);
  expect(portfolio.winCount).toBe(nets.filter((net) => net.isPositive).length);
  expect(portfolio.lossCount).toBe(nets.filter((net) => net.isNegative).length);
  expect(portfolio.grossProfit.plus(portfolio.grossLoss)).toEqual(
    sum(closed, portfolio, (position) => position.totalPnl()),
  );
  for (const position of open.values()) {
    expect(position.isOpen).toBe(true);
    expect(position.costBasis.isNegative && position.quantity.isPositive).toBe(false);
    expect(position.costBasis.isPositive && position.quantity.isNegative).toBe(false);
  }
  for (const position of closed) expect([position.isOpen, position.costBasis.isZero]).toEqual([false, true]);
}

function figuresOf({ portfolio, open, closed }: HistoryState): object {
  return {
    cash: portfolio.cash.amount,
    deposits: portfolio.deposits.amount,
    withdrawals: portfolio.withdrawals.amount,
    realised: portfolio.realisedPnl.amount,
    commissions: portfolio.commissions.amount,
    grossProfit: portfolio.grossProfit.amount,
    grossLoss: portfolio.grossLoss.amount,
    trades: portfolio.tradeCount,
    wins: portfolio.winCount,
    losses: portfolio.lossCount,
    entries: portfolio.lastSequence,
    open: new Map([...open].map(([symbol, position]) => [symbol, positionFigures(position)])),
    closed: closed.map(positionFigures),
  };
}

function expectedFigures(steps: readonly HistoryStep[]): object {
  const { figures, trades, wins, losses, entries, open, closed } = referenceBook(steps);
  return { ...figures, trades, wins, losses, entries, open, closed };
}

function positionFigures(position: Position): object {
  return {
    quantity: position.quantity.toString(),
    cost: position.costBasis.amount,
    realised: position.realisedPnl.amount,
    commission: position.commission.amount,
    invested: position.invested.amount,
    maxValue: position.maxValue.amount,
  };
}

function sum<Item>(items: Iterable<Item>, portfolio: Portfolio, amount: (item: Item) => Money): Money {
  return [...items].reduce((total, item) => total.plus(amount(item)), portfolio.cash.minus(portfolio.cash));
}

function executions(steps: readonly HistoryStep[]): number {
  return steps.filter(({ kind }) => kind === 'execution').length;
}
