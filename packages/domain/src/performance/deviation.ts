import { Decimal } from '../values/decimal.js';

/** The arithmetic mean. `values` are not empty. */
export function mean(values: readonly Decimal[]): Decimal {
  return sum(values).dividedBy(values.length);
}

/** √(Σ(r − mean)² / (n − 1)), the deviation of a sample; undefined for fewer than two values. */
export function sampleDeviation(values: readonly Decimal[]): Decimal | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  return sum(values.map((value) => squared(value.minus(centre))))
    .dividedBy(values.length - 1)
    .squareRoot();
}

/** √(Σ min(r − target, 0)² / n), over all n values and not only those below the target. `values` are not empty. */
export function downsideDeviation(values: readonly Decimal[], target: Decimal): Decimal {
  const shortfalls = values.filter((value) => value.lessThan(target)).map((value) => squared(value.minus(target)));
  return sum(shortfalls).dividedBy(values.length).squareRoot();
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal(0));
}

function squared(value: Decimal): Decimal {
  return value.times(value);
}
