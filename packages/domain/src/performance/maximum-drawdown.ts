import { Decimal } from '../values/decimal.js';
import type { Timestamp } from '../values/timestamp.js';
import type { EquitySeries } from './equity-series.js';
import { figure } from './figure.js';
import { returnIndex, type IndexPoint } from './return-index.js';

/** The deepest fall from a peak. */
export interface Drawdown {
  /** The share of the peak that was lost: 0 to 1. */
  readonly depth: Decimal;
  /** The last moment at the peak. */
  readonly peakAt: Timestamp;
  readonly troughAt: Timestamp;
  /** The first moment back at the peak; absent when the series ends below it. */
  readonly recoveredAt?: Timestamp;
}

/**
 * The maximum drawdown: the largest (peak − trough) / peak of the time-weighted index, the trough after the peak; so a
 * withdrawal is no drawdown (Bacon 2008, chapter 4; M. Magdon-Ismail and A. Atiya, Maximum Drawdown, Risk 17(10), 2004).
 * Of several equally deep, the first. Where nothing was ever lost the depth is 0 and all moments are the first point's.
 * @returns undefined and throws as `periodReturns`
 */
export function maximumDrawdown(series: EquitySeries): Drawdown | undefined {
  const index = returnIndex(series);
  const [first] = index ?? [];
  if (index === undefined || first === undefined) return undefined;

  let peak = first;
  let deepest = { depth: new Decimal(0), peak: first, trough: first };
  for (const point of index) {
    if (point.value.greaterThanOrEqualTo(peak.value)) peak = point;
    const depth = peak.value.minus(point.value).dividedBy(peak.value);
    if (depth.greaterThan(deepest.depth)) deepest = { depth, peak, trough: point };
  }
  const { depth, trough } = deepest;
  const recoveredAt = recovery(index, deepest.peak, trough);
  return {
    depth: figure(depth),
    peakAt: deepest.peak.at,
    troughAt: trough.at,
    ...(recoveredAt === undefined ? {} : { recoveredAt }),
  };
}

function recovery(index: readonly IndexPoint[], peak: IndexPoint, trough: IndexPoint): Timestamp | undefined {
  return index.find(({ at, value }) => at >= trough.at && value.greaterThanOrEqualTo(peak.value))?.at;
}
