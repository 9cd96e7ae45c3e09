import { CurrencyMismatchError, ValidationError } from '../errors.js';
import { Decimal } from '../values/decimal.js';
import type { Money } from '../values/money.js';
import type { Timestamp } from '../values/timestamp.js';

/** What a portfolio was worth at a moment, cash and open positions together. */
export interface EquityPoint {
  readonly at: Timestamp;
  readonly equity: Money;
  /** Deposits less withdrawals since the previous point, contained in `equity`. That of the first point is not read. */
  readonly netFlow?: Money | undefined;
}

/** Points in strictly ascending time, of one currency, evenly spaced: the figures take every step between two for one period. */
export type EquitySeries = readonly EquityPoint[];

/** From one point to the next, with the flow taken out: what the return was earned on, and what it had become. */
export interface Period {
  readonly endsAt: Timestamp;
  /** Above zero. */
  readonly opening: Decimal;
  /** Not negative. */
  readonly closing: Decimal;
}

/**
 * The periods of a series, or undefined where a return has no meaning: with fewer than two points, when a period has
 * nothing or a debt to earn on, or when it lost more than everything.
 *
 * A flow is not a return. It is taken to come at the end of its period: closing = equity − flow, on an opening of the
 * previous equity. GIPS asks for one policy and leaves the choice; end of day is the common one (C. Bacon, Practical
 * Portfolio Performance Measurement and Attribution, 2nd ed. 2008, chapter 2), and it never lets money earn before it
 * is there. The one exception follows from the same thought: where the previous equity is zero, the money that came in
 * is all there was to earn on, and counts from the start of the period.
 * @throws ValidationError INVALID_PERIOD for points out of time order
 * @throws CurrencyMismatchError for points or flows of several currencies
 */
export function periodsOf(series: EquitySeries): readonly Period[] | undefined {
  checkSeries(series);
  let previous = amountOf(series[0]?.equity);
  const periods: Period[] = [];
  for (const point of series.slice(1)) {
    const equity = amountOf(point.equity);
    const flow = amountOf(point.netFlow);
    const fromNothing = previous.isZero() && flow.greaterThan(0);
    const opening = fromNothing ? flow : previous;
    const closing = fromNothing ? equity : equity.minus(flow);
    if (opening.lessThanOrEqualTo(0) || closing.lessThan(0)) return undefined;
    periods.push({ endsAt: point.at, opening, closing });
    previous = equity;
  }
  return periods.length === 0 ? undefined : periods;
}

function checkSeries(series: EquitySeries): void {
  const currency = series[0]?.equity.currency;
  let previous: Timestamp | undefined;
  for (const { at, equity, netFlow } of series) {
    if (previous !== undefined && at <= previous) {
      throw new ValidationError(
        'INVALID_PERIOD',
        'The equity series is not in time order. Sort it by time, with one point per moment.',
      );
    }
    previous = at;
    for (const money of [equity, netFlow]) {
      if (currency !== undefined && money !== undefined && money.currency !== currency) {
        throw new CurrencyMismatchError(currency, money.currency);
      }
    }
  }
}

function amountOf(money: Money | undefined): Decimal {
  return new Decimal(money === undefined ? 0 : money.amount);
}
