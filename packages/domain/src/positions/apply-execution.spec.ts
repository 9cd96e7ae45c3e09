import { describe, expect, test } from 'vitest';
import type { ExecutionState } from '../executions/index.js';
import { anyExecutionOf, anyOrder, anyUuid } from '../testing/index.js';
import { Money, Multiplier, PortfolioId, Price, Quantity, StrategyName, Ticker, Timestamp } from '../values/index.js';
import { applyExecution, type Position } from './index.js';

const portfolioId = PortfolioId.of(anyUuid());
const strategy = StrategyName.of('momentum');
const usd = (amount: string | number) => Money.of(amount, 'USD');

function execution(side: 'BUY' | 'SELL', quantity: string, price: string, given: Partial<ExecutionState> = {}) {
  const order = anyOrder({ portfolioId, side });
  return anyExecutionOf(order, { quantity: Quantity.of(quantity), price: Price.of(price), ...given });
}

function held(side: 'BUY' | 'SELL', quantity: string, price: string, given: Partial<ExecutionState> = {}): Position {
  const { open } = applyExecution(undefined, execution(side, quantity, price, given));
  if (!open) throw new Error('An execution opens a position.');
  return open;
}

describe('an execution', () => {
  test('opens a position that has its id, its time, and the labels of the order', () => {
    const first = execution('SELL', '10', '100', { multiplier: Multiplier.of(50) });
    const change = applyExecution(undefined, first, { strategy, tags: { signal: 'breakout' } });
    expect(change).toMatchObject({
      closed: undefined,
      open: {
        id: first.id,
        portfolioId,
        side: 'SHORT',
        openedAt: first.executedAt,
        strategy,
        tags: { signal: 'breakout' },
      },
    });
    expect(change.open?.costBasis.amount).toBe('-50000');
    expect(change.realisedPnl.amount).toBe('0');
  });

  test('adds to a position, which keeps its id and labels', () => {
    const before = held('BUY', '10', '100');
    const change = applyExecution(before, execution('BUY', '5', '130'), { strategy });
    expect(change).toMatchObject({ closed: undefined, open: { id: before.id, strategy: undefined } });
    expect(change.realisedPnl.amount).toBe('0');
  });

  test('reduces a position and says what this execution realised, not all before it', () => {
    const reduced = applyExecution(held('BUY', '10', '100'), execution('SELL', '4', '110'));
    expect(reduced.realisedPnl.amount).toBe('40');
    const again = applyExecution(reduced.open, execution('SELL', '4', '90'));
    expect(again.realisedPnl.amount).toBe('-40');
    expect(again.open?.realisedPnl.amount).toBe('0');
  });

  test('closes a position', () => {
    const change = applyExecution(held('SELL', '10', '100'), execution('BUY', '10', '90'));
    expect(change).toMatchObject({ open: undefined, closed: { isOpen: false } });
    expect(change.realisedPnl.amount).toBe('100');
  });

  test('flips a position: closes one and opens the next, splitting notional and commission', () => {
    const before = held('BUY', '3', '100');
    const flip = execution('SELL', '10', '110', {
      commission: usd(1),
      executedAt: Timestamp.of('2026-01-06T10:00:00Z'),
    });
    const { closed, open, realisedPnl } = applyExecution(before, flip, { strategy });
    expect(closed).toMatchObject({ id: before.id, closedAt: flip.executedAt });
    expect(closed?.commission.amount).toBe('0.3');
    expect(open).toMatchObject({ id: flip.id, openedAt: flip.executedAt, strategy, side: 'SHORT' });
    expect([open?.quantity.toString(), open?.costBasis.amount, open?.commission.amount]).toEqual(['-7', '-770', '0.7']);
    expect(realisedPnl.amount).toBe('30');
  });

  test('that flips rounds the closing part and opens with what is left, so that both make the whole', () => {
    const before = held('BUY', '1', '100');
    const flip = execution('SELL', '2', '0.000000000000000001', {
      multiplier: Multiplier.of('0.5'),
      commission: usd('0.000000000000000003'),
    });
    const halves = applyExecution(held('BUY', '1', '100', { multiplier: Multiplier.of('0.5') }), flip);
    expect(halves.closed?.commission.amount).toBe('0.000000000000000002');
    expect(halves.open?.commission.amount).toBe('0.000000000000000001');
    expect(halves.realisedPnl.amount).toBe('-50');
    expect(halves.open?.costBasis.amount).toBe('-0.000000000000000001');
    expect(() => applyExecution(before, flip)).toThrow(expect.objectContaining({ code: 'MULTIPLIER_MISMATCH' }));
  });

  test('leaves the position that was held as it was', () => {
    const before = held('BUY', '3', '100');
    const copy = { ...before };
    applyExecution(before, execution('SELL', '10', '110'));
    expect({ ...before }).toEqual(copy);
  });

  test.each<[string, Partial<ExecutionState>]>([
    ['portfolio', { portfolioId: PortfolioId.of(anyUuid()) }],
    ['symbol', { symbol: Ticker.of('MSFT') }],
  ])('of another %s than the position is refused', (_what, given) => {
    expect(() => applyExecution(held('BUY', '3', '100'), execution('SELL', '1', '110', given))).toThrow(
      expect.objectContaining({ code: 'INVALID_EXECUTION' }),
    );
  });

  test.each(['1', '3', '5'])(
    'of %s with another multiplier than the position is refused, and says what to do',
    (quantity) => {
      const contract = execution('SELL', quantity, '110', { multiplier: Multiplier.of(100) });
      expect(() => applyExecution(held('BUY', '3', '100'), contract)).toThrow(
        expect.objectContaining({
          code: 'MULTIPLIER_MISMATCH',
          entity: 'execution',
          id: contract.id,
          symbol: 'AAPL',
          message: expect.stringContaining('Record the execution again when that position is closed.') as string,
        }),
      );
    },
  );

  test.each(['1', '3', '5'])('of %s in another currency than the position is refused', (quantity) => {
    const euro = execution('SELL', quantity, '110', { commission: Money.of(0, 'EUR') });
    expect(() => applyExecution(held('BUY', '3', '100'), euro)).toThrow(
      expect.objectContaining({ code: 'CURRENCY_MISMATCH' }),
    );
  });
});
