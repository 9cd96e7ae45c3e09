import { Decimal } from '../values/decimal.js';
import type { Timestamp } from '../values/timestamp.js';
import { periodsOf, type EquitySeries } from './equity-series.js';
import { figure } from './figure.js';

/** What one unit of money, there from the first point, had become. */
export interface IndexPoint {
  readonly at: Timestamp;
  readonly value: Decimal;
}

/**
 * The time-weighted index: 1 at the first point, then linked geometrically by the returns of the periods, so that no
 * deposit or withdrawal moves it (GIPS 2020, time-weighted returns; Bacon 2008, chapter 2).
 * Returns are not multiplied up one by one: between two flows the index is a single quotient, so equal equity gives an
 * equal index, and a recovery to the last digit is a recovery.
 * @returns undefined and throws as `periodReturns`
 */
export function returnIndex(series: EquitySeries): readonly IndexPoint[] | undefined {
  const periods = periodsOf(series);
  const [first] = series;
  if (periods === undefined || first === undefined) return undefined;

  const index: IndexPoint[] = [{ at: first.at, value: new Decimal(1) }];
  let linked = new Decimal(1);
  let value = linked;
  let anchor: Decimal | undefined;
  let previousClosing: Decimal | undefined;
  for (const { endsAt, opening, closing } of periods) {
    if (anchor === undefined || !previousClosing?.equals(opening)) {
      linked = value;
      anchor = opening;
    }
    value = linked.times(closing).dividedBy(anchor);
    previousClosing = closing;
    index.push({ at: endsAt, value: figure(value) });
  }
  return index;
}
