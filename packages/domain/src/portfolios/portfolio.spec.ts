import { describe, expect, test } from 'vitest';
import type { ExecutionState } from '../executions/index.js';
import { applyExecution, type Position } from '../positions/index.js';
import {
  anyExecutionOf,
  anyFundedPortfolio,
  anyMovementOf,
  anyOrder,
  anyPortfolio,
  anyUuid,
} from '../testing/index.js';
import { Money, PortfolioId, Price, Quantity, StrategyName } from '../values/index.js';
import { cashMovement, Portfolio, type PortfolioState } from './index.js';

const usd = (amount: string | number) => Money.of(amount, 'USD');

/** The portfolio and its position after trades at given prices. */
function traded(start: Portfolio, ...trades: readonly (readonly ['BUY' | 'SELL', string, string, string?])[]) {
  let [portfolio, held]: [Portfolio, Position | undefined] = [start, undefined];
  for (const [side, quantity, price, commission = '0'] of trades) {
    const execution = next(portfolio, side, {
      quantity: Quantity.of(quantity),
      price: Price.of(price),
      commission: usd(commission),
    });
    const change = applyExecution(held, execution);
    portfolio = portfolio.record(execution, change);
    held = change.open;
  }
  return { portfolio, held };
}

function next(portfolio: Portfolio, side: 'BUY' | 'SELL', given: Partial<ExecutionState> = {}) {
  return anyExecutionOf(anyOrder({ portfolioId: portfolio.id, side }), { sequence: portfolio.nextSequence, ...given });
}

describe('a new portfolio', () => {
  test('has no cash, no trades and no entries', () => {
    const portfolio = anyPortfolio({ strategy: StrategyName.of('momentum') });
    expect(portfolio).toMatchObject({
      tradeCount: 0,
      lastSequence: 0,
      nextSequence: 1,
      version: 0,
      strategy: 'momentum',
    });
    expect(portfolio.cash.isZero && portfolio.capital.isZero).toBe(true);
    expect(portfolio.returnRatio(usd(0))).toBeUndefined();
  });

  test.each(['', ' blank', 'two\nlines', 'x'.repeat(101)])('with the name %j is refused', (name) => {
    expect(() => anyPortfolio({ name })).toThrow(expect.objectContaining({ code: 'INVALID_TEXT' }));
  });
});

describe('cash', () => {
  test('comes with deposits and leaves with withdrawals, to the last of it', () => {
    const funded = anyFundedPortfolio(1000);
    const rest = funded.move(anyMovementOf(funded, { kind: 'WITHDRAWAL', amount: usd('999.999999999999999999') }));
    expect([rest.cash.amount, rest.deposits.amount, rest.withdrawals.amount]).toEqual([
      '0.000000000000000001',
      '1000',
      '999.999999999999999999',
    ]);
    const empty = rest.move(anyMovementOf(rest, { kind: 'WITHDRAWAL', amount: usd('0.000000000000000001') }));
    expect(empty.cash.isZero && empty.capital.isZero).toBe(true);
    expect(empty.lastSequence).toBe(3);
  });

  test('that is not there cannot be withdrawn, and the portfolio stays as it was', () => {
    const funded = anyFundedPortfolio(1000);
    const before = { ...funded };
    const tooMuch = anyMovementOf(funded, { kind: 'WITHDRAWAL', amount: usd('1000.000000000000000001') });
    expect(() => funded.move(tooMuch)).toThrow(expect.objectContaining({ code: 'INSUFFICIENT_CASH', id: funded.id }));
    expect({ ...funded }).toEqual(before);
  });

  test.each(['0', '-1'])(
    'moves in amounts above zero: %s is refused, also when it went past cashMovement',
    (amount) => {
      const funded = anyFundedPortfolio(1000);
      for (const kind of ['DEPOSIT', 'WITHDRAWAL'] as const) {
        const movement = { ...anyMovementOf(funded), kind, amount: usd(amount) };
        expect(() => cashMovement(movement)).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
        expect(() => funded.move(movement)).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
      }
    },
  );

  test('of another currency is refused', () => {
    const funded = anyFundedPortfolio(1000);
    for (const kind of ['DEPOSIT', 'WITHDRAWAL'] as const) {
      const movement = anyMovementOf(funded, { kind, amount: Money.of(1, 'EUR') });
      expect(() => funded.move(movement)).toThrow(expect.objectContaining({ code: 'CURRENCY_MISMATCH' }));
    }
  });

  test('may fall below zero by a fill: a fill is a fact', () => {
    expect(traded(anyFundedPortfolio(100), ['BUY', '10', '100']).portfolio.cash.amount).toBe('-900');
  });

  test('a movement cannot be changed', () => {
    expect(Object.isFrozen(anyMovementOf(anyPortfolio()))).toBe(true);
  });
});

describe('the ledger', () => {
  const portfolio = anyFundedPortfolio(1000);
  const other = PortfolioId.of(anyUuid());

  test.each([0, 1, 3, Number.NaN])('after the entry 1 does not take the entry %s', (sequence) => {
    expect(() => portfolio.move({ ...anyMovementOf(portfolio), sequence })).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO', id: portfolio.id }),
    );
  });

  test('takes executions in their sequence only', () => {
    for (const sequence of [1, 3]) {
      const execution = next(portfolio, 'BUY', { sequence });
      expect(() => portfolio.record(execution, applyExecution(undefined, execution))).toThrow(
        expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
      );
    }
    expect(traded(portfolio, ['BUY', '1', '1']).portfolio.lastSequence).toBe(2);
  });

  test('takes nothing of another portfolio', () => {
    const execution = next(portfolio, 'BUY', { portfolioId: other });
    expect(() => portfolio.record(execution, applyExecution(undefined, execution))).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
    expect(() => portfolio.move(anyMovementOf(portfolio, { portfolioId: other }))).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
  });
});

describe('an execution', () => {
  test('moves the cash by its notional and its commission, against its side', () => {
    expect(traded(anyFundedPortfolio(10_000), ['BUY', '10', '100', '0.35']).portfolio.cash.amount).toBe('8999.65');
    expect(traded(anyFundedPortfolio(10_000), ['SELL', '10', '100', '0.35']).portfolio.cash.amount).toBe('10999.65');
  });

  test('leaves the portfolio that was as it was', () => {
    const portfolio = anyFundedPortfolio();
    const before = { ...portfolio };
    traded(portfolio, ['BUY', '10', '100'], ['SELL', '10', '110']);
    expect({ ...portfolio }).toEqual(before);
  });

  test('adds to realised P&L and commissions, kept apart', () => {
    const { portfolio } = traded(anyFundedPortfolio(), ['BUY', '10', '100', '1'], ['SELL', '4', '110', '0.5']);
    expect([portfolio.realisedPnl.amount, portfolio.commissions.amount]).toEqual(['40', '1.5']);
  });
});

describe('trades', () => {
  const counts = ({ tradeCount, winCount, lossCount, grossProfit, grossLoss }: Portfolio) => [
    tradeCount,
    winCount,
    lossCount,
    grossProfit.amount,
    grossLoss.amount,
  ];

  test('count when the position is flat again, not before', () => {
    const start = anyFundedPortfolio();
    expect(counts(traded(start, ['BUY', '10', '100'], ['SELL', '9', '110']).portfolio)).toEqual([0, 0, 0, '0', '0']);
    expect(counts(traded(start, ['BUY', '10', '100'], ['SELL', '9', '110'], ['SELL', '1', '110']).portfolio)).toEqual([
      1,
      1,
      0,
      '100',
      '0',
    ]);
  });

  test('are won or lost after commissions', () => {
    const start = anyFundedPortfolio();
    expect(counts(traded(start, ['BUY', '1', '100', '3'], ['SELL', '1', '105', '3']).portfolio)).toEqual([
      1,
      0,
      1,
      '0',
      '-1',
    ]);
    expect(counts(traded(start, ['BUY', '1', '100', '-3'], ['SELL', '1', '95', '-3']).portfolio)).toEqual([
      1,
      1,
      0,
      '1',
      '0',
    ]);
  });

  test('that break even are neither won nor lost', () => {
    const { portfolio } = traded(anyFundedPortfolio(), ['BUY', '1', '100', '2'], ['SELL', '1', '105', '3']);
    expect(counts(portfolio)).toEqual([1, 0, 0, '0', '0']);
  });

  test('a flip ends one and begins the next', () => {
    const { portfolio, held } = traded(
      anyFundedPortfolio(),
      ['BUY', '1', '100'],
      ['SELL', '3', '110'],
      ['BUY', '2', '120'],
    );
    expect(counts(portfolio)).toEqual([2, 1, 1, '10', '-20']);
    expect(held).toBeUndefined();
  });
});

describe('the value of a portfolio', () => {
  const { portfolio, held } = traded(anyFundedPortfolio(1000), ['SELL', '10', '100', '2']);

  test('equity is cash and market value; the total P&L is equity less capital', () => {
    const value = held?.marketValue(Price.of(95)) ?? usd(0);
    expect(portfolio.equity(value).amount).toBe('1048');
    expect(portfolio.totalPnl(value).amount).toBe('48');
    expect(portfolio.returnRatio(value)?.toString()).toBe('0.048');
    expect(portfolio.totalPnl(value)).toEqual(held?.totalPnl(Price.of(95)));
  });

  test('the unrealised P&L is that of its positions, whatever was realised and paid in commissions', () => {
    const after = traded(anyFundedPortfolio(1000), ['SELL', '10', '100', '2'], ['BUY', '4', '90', '1']);
    const price = Price.of(85);
    expect(after.held?.unrealisedPnl(price)).toEqual(usd(90));
    expect(after.portfolio.unrealisedPnl(after.held?.marketValue(price) ?? usd(0))).toEqual(usd(90));
  });

  test('a withdrawal takes capital, not profit', () => {
    const after = portfolio.move(anyMovementOf(portfolio, { kind: 'WITHDRAWAL', amount: usd(400) }));
    expect(after.capital.amount).toBe('600');
    expect(after.totalPnl(usd(-950))).toEqual(portfolio.totalPnl(usd(-950)));
  });
});

describe('a portfolio from storage', () => {
  const contradictions: Record<string, Partial<PortfolioState>> = {
    'more wins and losses than trades': { tradeCount: 1, winCount: 1, lossCount: 1 },
    'a count below zero': { tradeCount: 1, winCount: -1 },
    'half a trade': { tradeCount: 0.5 },
    'a sequence below zero': { lastSequence: -1 },
    'deposits below zero': { deposits: usd(-1) },
    'withdrawals below zero': { withdrawals: usd(-1) },
    'a gross profit below zero': { grossProfit: usd(-1) },
    'a gross loss above zero': { grossLoss: usd(1) },
  };

  test.each(Object.keys(contradictions))('with %s is refused', (what) => {
    expect(() => Portfolio.restore({ ...anyPortfolio(), ...contradictions[what] })).toThrow(
      expect.objectContaining({ code: 'INVALID_PORTFOLIO' }),
    );
  });

  test('is the same as it was stored; of a version or a name that is none it is refused', () => {
    const { portfolio } = traded(anyFundedPortfolio(), ['BUY', '1', '100'], ['SELL', '3', '110']);
    expect(Portfolio.restore(portfolio)).toEqual(portfolio);
    expect(portfolio.atVersion(4).version).toBe(4);
    expect(() => Portfolio.restore({ ...portfolio, version: -1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_VERSION' }),
    );
    expect(() => Portfolio.restore({ ...portfolio, name: '' })).toThrow(
      expect.objectContaining({ code: 'INVALID_TEXT' }),
    );
  });
});
