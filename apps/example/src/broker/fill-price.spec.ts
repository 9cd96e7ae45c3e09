import { OrderTerms, Price } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { anyBar } from '../prices/any-bar.js';
import { fillPrice } from './fill-price.js';

const bar = anyBar({ open: '100', close: '102', low: '99', high: '103' });
const tick = Price.of('0.01');
const priceOf = (...[side, terms, slippage]: [Parameters<typeof fillPrice>[1], OrderTerms, number]) =>
  fillPrice(bar, side, terms, tick, slippage)?.toString();
const limit = (price: string) => OrderTerms.limit(Price.of(price));

describe('the price of a fill', () => {
  it('is the open, worse by the slippage', () => {
    expect(priceOf('BUY', OrderTerms.market, 5)).toBe('100.05');
    expect(priceOf('SELL', OrderTerms.market, 5)).toBe('99.95');
  });

  it('stays within the range of the day', () => {
    expect(priceOf('BUY', OrderTerms.market, 1_000)).toBe('103');
    expect(priceOf('SELL', OrderTerms.market, 1_000)).toBe('99');
  });

  it('lies on the tick', () => {
    expect(fillPrice(bar, 'BUY', OrderTerms.market, Price.of('0.25'), 15)?.toString()).toBe('100.25');
  });

  it('is never worse than the limit', () => {
    expect(priceOf('BUY', limit('100.02'), 5)).toBe('100.02');
    expect(priceOf('SELL', limit('99.98'), 5)).toBe('99.98');
  });

  it('is the limit when the day reaches it only after the open', () => {
    expect(priceOf('BUY', limit('99.5'), 0)).toBe('99.5');
    expect(priceOf('SELL', limit('102.5'), 0)).toBe('102.5');
  });

  it('is none when the day does not reach the limit', () => {
    expect(priceOf('BUY', limit('98.99'), 0)).toBeUndefined();
    expect(priceOf('SELL', limit('103.01'), 0)).toBeUndefined();
  });
});
