import type { FaultReport } from '../bench.js';
import type { FaultResult, NotRun } from '../faults/fault.js';
import type { Options } from '../options.js';
import { violationsOf, violationsOfBlotter } from './violations.js';

/** The outcome for machines: for each fault its runs and figures, and what must be 0 in all. */
export function jsonLine(reports: readonly FaultReport[], { seed, minutes, full }: Options, seconds: number): string {
  const faults = reports.map(({ fault, results }) => {
    const { blotter, ...peers } = Object.fromEntries([...results].map(([name, result]) => [name, outcomeOf(result)]));
    return [fault.name, { ...blotter, peers }];
  });
  return JSON.stringify({
    seed,
    ...(full ? { full } : { minutes }),
    faults: Object.fromEntries(faults) as Record<string, unknown>,
    violations: violationsOfBlotter(reports),
    seconds: Math.round(seconds * 10) / 10,
  });
}

function outcomeOf(result: FaultResult | NotRun): object {
  if ('notRun' in result) return result;
  const { runs, mustBeZero, measured } = result;
  return { runs, figures: { ...mustBeZero, ...measured }, violations: violationsOf(result) };
}
