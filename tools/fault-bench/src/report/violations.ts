import type { FaultReport } from '../bench.js';
import type { FaultResult, NotRun } from '../faults/fault.js';

/** The total of what must be 0, of one contestant under one fault. */
export function violationsOf(result: FaultResult | NotRun | undefined): number {
  if (result === undefined || 'notRun' in result) return 0;
  return Object.values(result.mustBeZero).reduce((sum, figure) => sum + figure, 0);
}

/** The total of what must be 0 of Blotter; its peers are measured, not judged. */
export function violationsOfBlotter(reports: readonly FaultReport[]): number {
  return reports.reduce((sum, { results }) => sum + violationsOf(results.get('blotter')), 0);
}
