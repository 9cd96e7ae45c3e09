import { PortfolioId } from '@blotter/domain';
import type { BookProof, ProvenFigure } from '@blotter/infrastructure';
import { describe, expect, it } from 'vitest';
import { isProven, proofTable } from './proof-table.js';

const [ours, theirs] = [1, 2].map((n) => PortfolioId.of(`01890000-0000-7000-8000-00000000000${n}`));

function anyFigure(changes: Partial<ProvenFigure> = {}): ProvenFigure {
  return {
    portfolioId: ours ?? '',
    portfolio: 'Equities crossover #2',
    of: 'portfolio',
    id: ours ?? '',
    symbol: undefined,
    figure: 'cash',
    stored: '100.000000000000000001',
    recomputed: '100.000000000000000001',
    difference: '0',
    ...changes,
  };
}

function anyProof(changes: Partial<BookProof> = {}): BookProof {
  return { portfolios: [anyFigure()], openPositions: [], mismatches: [], checked: 1234, difference: '0', ...changes };
}

const shown = ours ? [ours] : [];

describe('the proof', () => {
  it('shows what is stored beside what is recomputed, to the last digit', () => {
    const line = proofTable(anyProof(), shown)
      .split('\n')
      .find((text) => text.includes('cash'));
    expect(line?.match(/100\.000000000000000001/g)).toHaveLength(2);
  });

  it('shows the portfolios of the session, not those of earlier ones', () => {
    const earlier = anyFigure({ portfolioId: theirs ?? '', portfolio: 'Equities crossover #1' });
    expect(proofTable(anyProof({ portfolios: [earlier, anyFigure()] }), shown)).not.toContain('#1');
  });

  it('says how much was compared', () => {
    expect(proofTable(anyProof(), shown)).toMatch(/Proven: 1,234 figures .*difference 0\./);
  });

  it('names what differs, in whatever portfolio', () => {
    const wrong = anyFigure({
      of: 'position',
      figure: 'quantity',
      stored: '5',
      recomputed: undefined,
      difference: '5',
    });
    const proof = anyProof({ mismatches: [wrong], difference: '5' });
    expect(isProven(proof)).toBe(false);
    expect(proofTable(proof, shown)).toMatch(
      /quantity is stored as 5, recomputed as missing, difference 5\.\n.*NOT proven: .* 1 differ, difference 5\./,
    );
  });

  it('is not given for the smallest difference there is', () => {
    expect(isProven({ difference: '0.000000000000000001' })).toBe(false);
  });
});
