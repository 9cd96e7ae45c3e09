import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { orderById } from '../workloads/order-by-id.js';
import { anyResults } from './any-results.js';
import { markdown, withFigures } from './markdown.js';

const DOCUMENT = readFileSync(new URL('../../../../docs/performance.md', import.meta.url), 'utf8');

describe('The figures for a document', () => {
  const text = markdown({
    results: anyResults(
      { 'order by id, 1 caller, small book': { raw: [20_000, 10_000], blotter: [18_000, 9_500] } },
      { serverCpuUs: 12.345, clientCpuUs: 300.6 },
    ),
    workloads: [orderById],
    leftOut: new Map([['pgbench', { leftOut: 'it is not installed' }]]),
    effort: {
      rounds: 2,
      roundMs: 1,
      warmUpMs: 1,
      turnWarmUpMs: 1,
      mostTasks: 64,
      orders: { small: 10_000, large: 1_000_000 },
      bulk: 100_000,
    },
    delayMs: 1.1,
    postgres: '18.4',
    quick: false,
    seconds: 3_540,
  });

  it('say where and how they were measured, and who was left out', () => {
    expect(text).toMatch(/^Machine: \d+ cores, /);
    expect(text).toContain('2 rounds; 10,000 orders in the small book, 1,000,000 in the large one');
    expect(text).toContain('Left out: pgbench, it is not installed.');
  });

  it('are a table for each variant that was measured, with the ratio of raw within rounds', () => {
    expect(text).toContain('| Blotter | 13,750 | 61.8 % | 0.93 | 12.3 | 301 | yes |');
    expect(text).not.toContain('64 callers, small book |');
  });

  it('go to their place in docs/performance.md, again and again, and leave the rest as it is', () => {
    const once = withFigures(DOCUMENT, 'old figures\n');
    expect(once).toContain('old figures');
    expect(withFigures(once, 'new figures $1\n').replace('new figures $1', 'old figures')).toBe(once);
    expect(once.split('## Figures')[0]).toBe(DOCUMENT.split('## Figures')[0]);
  });

  it('are the whole of a file that has no place for them', () => {
    expect(withFigures('', 'figures\n')).toBe('figures\n');
  });
});
