import { describe, expect, it } from 'vitest';
import { anyResults } from './any-results.js';
import { barsOf } from './bars.js';
import { Results } from './results.js';

const FILL = 'record a fill, 8 tasks';
const ON_ONE = 'record a fill, 64 tasks on one portfolio';

const bar = (results: Results, start: string) => barsOf(results).find(({ name }) => name.startsWith(start));

describe('The bars', () => {
  it('compare with raw postgres.js within rounds', () => {
    const results = anyResults({ [FILL]: { raw: [100, 10, 50], blotter: [210, 21, 90] } });
    expect(bar(results, `${FILL}: of raw`)).toEqual({
      name: 'record a fill, 8 tasks: of raw sql.begin',
      figure: 2.1,
      target: 'at least 2',
      met: true,
    });
  });

  it('compare with the fastest peer that stays correct, and name it', () => {
    const { lanes } = anyResults({
      [FILL]: { drizzle: [50, 50], kysely: [40, 40], prisma: [900, 900], blotter: [100, 100] },
    });
    const results = new Results(
      lanes.map((lane) => (lane.contestant === 'prisma' ? { ...lane, exact: false, problem: 'a lost update' } : lane)),
    );
    expect(bar(results, `${FILL}: of the fastest`)).toEqual({
      name: 'record a fill, 8 tasks: of the fastest correct peer (drizzle)',
      figure: 2,
      target: 'at least 2.5',
      met: false,
    });
  });

  it('take the best that Blotter offers for the work, where it offers more than one', () => {
    const results = anyResults({
      [ON_ONE]: { kysely: [10], blotter: [20] },
      [`${ON_ONE}, grouped`]: { blotter: [60] },
    });
    expect(bar(results, ON_ONE)?.figure).toBe(6);
  });

  it('name the read that suffers most from a large book', () => {
    const results = anyResults({
      'portfolio with its positions, small book': { blotter: [100] },
      'portfolio with its positions, large book': { blotter: [100] },
      'snapshots of ten years, small book': { blotter: [160] },
      'snapshots of ten years, large book': { blotter: [100] },
    });
    expect(bar(results, 'time of any read')).toMatchObject({
      name: expect.stringContaining('(snapshots of ten years)') as string,
      figure: 1.6,
      met: false,
    });
  });

  it('count bursts and look at memory', () => {
    const counted = anyResults({ 'record a fill, 1 task, 1 ms': { blotter: [1, 1, 1] } }, { bursts: 2 });
    expect(bar(counted, 'client-to-server bursts')).toMatchObject({ figure: 2, met: true });
    const stream = anyResults({ 'stream all orders, large book': { blotter: [1] } }, { memoryMb: 150 });
    expect(bar(stream, 'stream all orders, large book: memory')).toMatchObject({ figure: 150, met: false });
  });

  it('are all there when nothing was measured, and say so', () => {
    const bars = barsOf(anyResults({}));
    expect(bars.length).toBeGreaterThan(20);
    expect(bars.every(({ figure, met }) => figure === null && met === null)).toBe(true);
  });
});
