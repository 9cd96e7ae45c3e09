/** The middle one, or the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The largest less the smallest, as a share of the median: 0.1 is within ten per cent. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * The median of the ratios within each round: what else the machine did in a round, it did to both.
 * Undefined when one of them was not measured.
 */
export function ratioInRounds(
  ones: readonly number[] | undefined,
  others: readonly number[] | undefined,
): number | undefined {
  const ratios = (ones ?? []).flatMap((one, round) => {
    const other = others?.[round];
    return other === undefined ? [] : [one / other];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}
