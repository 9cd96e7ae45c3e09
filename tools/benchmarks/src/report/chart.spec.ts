import { describe, expect, it } from 'vitest';
import { anyResults } from './any-results.js';
import { chart } from './chart.js';

const WORK = 'record a fill, 8 tasks';

describe('The chart', () => {
  const svg = chart(anyResults({ [WORK]: { raw: [1_000, 3_000, 2_000], blotter: [4_000, 4_000, 4_000] } }));

  it('gives each contestant a bar as long as its median is fast, the fastest the whole width', () => {
    const widths = [...svg.matchAll(/height="14" fill="#\w+"/g)].length;
    expect(widths).toBe(2);
    expect(svg).toContain('width="520.0" height="14" fill="#1f6feb"');
    expect(svg).toContain('width="260.0" height="14" fill="#9aa5b1"');
  });

  it('names the work, the contestants and the figures, and leaves out what was not measured', () => {
    expect(svg).toContain('>record a fill, 8 tasks, a second<');
    expect(svg).toContain('>Blotter<');
    expect(svg).toContain('>2,000<');
    expect(svg).not.toContain('Prisma');
    expect(svg).not.toContain('order by id');
  });

  it('is one well-formed picture whose height follows what is in it', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 760 84"/);
    expect(svg.trimEnd().endsWith('</svg>')).toBe(true);
  });
});
