import type { ContestantName } from '../contestants/names.js';
import type { LaneResult, Sample } from '../measure/result.js';
import { Results } from './results.js';

/** For tests: figures by round, of contestants in variants. */
export function anyResults(
  figures: Readonly<Record<string, Partial<Record<ContestantName, readonly number[]>>>>,
  more: Omit<Partial<Sample>, 'figure'> = {},
): Results {
  const lanes = Object.entries(figures).flatMap(([variant, contestants]) =>
    Object.entries(contestants).map(([contestant, rounds]): LaneResult => ({
      contestant: contestant as ContestantName,
      variant,
      samples: rounds.map((figure) => ({ figure, ...more })),
      exact: true,
      problem: undefined,
    })),
  );
  return new Results(lanes);
}
