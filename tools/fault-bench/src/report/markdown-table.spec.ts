import { describe, expect, it } from 'vitest';
import type { ContestantName } from '../contestants/names.js';
import type { Fault, FaultResult, NotRun } from '../faults/fault.js';
import { markdownTable } from './markdown-table.js';

const result: FaultResult = {
  runs: 2_000,
  mustBeZero: { hungCalls: 0, partialCommits: 3 },
  measured: { rounds: 9, gapMedianMs: 1_204, gapLongestMs: 0 },
  notes: [],
};
const fault: Fault = { name: 'cut', description: 'cut at random', fullRuns: 1, run: () => Promise.resolve(result) };

describe('The table for a document', () => {
  it('has a row for each fault and a column for each contestant: what must be 0, the runs, and the main times', () => {
    const results = new Map<ContestantName, FaultResult | NotRun>([
      ['blotter', { ...result, mustBeZero: { hungCalls: 0 } }],
      ['postgres-js-begin', result],
      ['drizzle-postgres-js', { notRun: 'no disk' }],
    ]);
    expect(markdownTable([{ fault, results }], [...results.keys()]).split('\n')).toEqual([
      '| fault | Blotter | postgres.js sql.begin | drizzle on postgres.js |',
      '| --- | --- | --- | --- |',
      '| `cut`: cut at random | **0** in 2,000 runs; gap median ms 1,204 | **3** in 2,000 runs; partial commits 3; gap median ms 1,204 | not run: no disk |',
    ]);
  });
});
