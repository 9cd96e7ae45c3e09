import { describe, expect, it } from 'vitest';
import { runBench } from './bench.js';
import { ALL_FAULTS } from './faults/all-faults.js';
import { jsonLine } from './report/json-line.js';
import { violationsOfBlotter } from './report/violations.js';

describe('The fault bench', () => {
  it('breaks connections and commits under Blotter, and finds no violation', { timeout: 240_000 }, async () => {
    const options = {
      seed: 7,
      minutes: 0.5,
      full: false,
      only: ALL_FAULTS.filter(({ name }) => name === 'commit' || name === 'silent'),
      contestants: ['blotter'] as const,
      json: true,
      markdown: false,
    };
    const reports = await runBench(options, () => undefined);
    expect(reports.map(({ fault }) => fault.name)).toEqual(['commit', 'silent']);
    const { faults, violations } = JSON.parse(jsonLine(reports, options, 1)) as {
      faults: Record<string, { runs: number }>;
      violations: number;
    };
    expect(faults['commit']?.runs).toBeGreaterThan(0);
    expect(violations).toBe(0);
    expect(violationsOfBlotter(reports)).toBe(0);
  });

  it('counts what must be 0 as violations of Blotter alone', () => {
    const [fault] = ALL_FAULTS;
    if (!fault) throw new Error('There are no faults.');
    const result = { runs: 1, mustBeZero: { hungCalls: 2, lost: 1 }, measured: { rounds: 9 }, notes: [] };
    expect(violationsOfBlotter([{ fault, results: new Map([['blotter', result]]) }])).toBe(3);
    expect(violationsOfBlotter([{ fault, results: new Map([['postgres-js-begin', result]]) }])).toBe(0);
  });
});
