import { describe, expect, test } from 'vitest';
import { anyExecution, anyReport, anyUuid } from '../testing/index.js';
import {
  BrokerExecutionId,
  ExecutionId,
  Money,
  Multiplier,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  Venue,
} from '../values/index.js';
import { Execution, type ExecutionReport } from './index.js';

const recordedAt = Timestamp.of('2026-01-05T14:30:02Z');
const place = { sequence: 1, recordedAt };

describe('an execution', () => {
  test.each(['0', '-1'])('of a quantity of %s is refused', (quantity) => {
    const report = anyReport({ quantity: Quantity.of(quantity) });
    expect(() => Execution.record(report, place)).toThrow(expect.objectContaining({ code: 'MUST_BE_POSITIVE' }));
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('at the place %s of the ledger is refused', (sequence) => {
    expect(() => Execution.record(anyReport(), { sequence, recordedAt })).toThrow(
      expect.objectContaining({ code: 'INVALID_EXECUTION' }),
    );
  });

  test('whose notional has more than 20 digits before the point is refused', () => {
    const most = '99999999999999999999';
    const report = anyReport({ quantity: Quantity.of(most), price: Price.of(most) });
    expect(() => Execution.record(report, place)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });

  test('has a notional of quantity × price × multiplier, rounded once, half to even', () => {
    const notional = (quantity: string, price: string, multiplier = '1') =>
      anyExecution({ quantity: Quantity.of(quantity), price: Price.of(price), multiplier: Multiplier.of(multiplier) })
        .notional.amount;
    expect(notional('3', '4.5', '50')).toBe('675');
    expect(notional('0.000000000000000001', '0.5')).toBe('0');
    expect(notional('0.000000000000000003', '0.5')).toBe('0.000000000000000002');
    // Rounding quantity × price first would lose the whole amount.
    expect(notional('0.000000000000000001', '0.5', '1000')).toBe('0.0000000000000005');
  });

  test('moves the position up when it buys and down when it sells', () => {
    const [buy, sell] = [anyExecution({ side: 'BUY' }), anyExecution({ side: 'SELL' })];
    expect([buy.signedQuantity.toString(), buy.signedNotional.amount]).toEqual(['10', '1000']);
    expect([sell.signedQuantity.toString(), sell.signedNotional.amount]).toEqual(['-10', '-1000']);
    expect([buy.notional.amount, sell.notional.amount]).toEqual(['1000', '1000']);
  });

  test('of something worthless has a notional of zero, and is a fact all the same', () => {
    expect(anyExecution({ price: Price.of(0) }).notional.isZero).toBe(true);
  });

  test('has a multiplier of 1 unless the report says otherwise', () => {
    const report = { ...anyReport(), multiplier: undefined };
    expect(Execution.record(report, place).multiplier).toBe(Multiplier.one);
  });

  test('is the same when it comes back from storage', () => {
    const execution = anyExecution({ sequence: 7, multiplier: Multiplier.of(50) });
    expect(Execution.restore(execution)).toEqual(execution);
  });
});

describe('a report says the same as the execution', () => {
  const report = anyReport({ multiplier: Multiplier.of(50), commission: Money.of('0.35', 'USD') });
  const execution = Execution.record(report, place);
  const changes: Record<keyof Omit<ExecutionReport, 'id'>, Partial<ExecutionReport>> = {
    portfolioId: { portfolioId: PortfolioId.of(anyUuid()) },
    orderId: { orderId: OrderId.of(anyUuid()) },
    venue: { venue: Venue.of('XNYS') },
    brokerExecutionId: { brokerExecutionId: BrokerExecutionId.of('other') },
    symbol: { symbol: Ticker.of('MSFT') },
    side: { side: 'SELL' },
    quantity: { quantity: Quantity.of('10.000000000000000001') },
    price: { price: Price.of('100.000000000000000001') },
    multiplier: { multiplier: undefined },
    commission: { commission: Money.of('0.350000000000000001', 'USD') },
    executedAt: { executedAt: Timestamp.of('2026-01-05T14:30:01.000001Z') },
  };

  test('when every field is the same, written differently or under another id of ours', () => {
    const again = {
      ...report,
      quantity: Quantity.of('10.00'),
      price: Price.of('100.0'),
      id: ExecutionId.of(anyUuid()),
    };
    expect(execution.saysTheSameAs(again)).toBe(true);
  });

  test.each(Object.entries(changes))('but not when the %s differs', (_field, change) => {
    expect(execution.saysTheSameAs({ ...report, ...change })).toBe(false);
  });

  test('but not when the commission is of another currency', () => {
    expect(execution.saysTheSameAs({ ...report, commission: Money.of('0.35', 'EUR') })).toBe(false);
  });
});
