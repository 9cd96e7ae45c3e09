import type { PortfolioId } from '@blotter/domain';
import type { BookProof, ProvenFigure } from '@blotter/infrastructure';
import pico from 'picocolors';
import { count } from './format.js';
import { textTable } from './text-table.js';

const MISMATCHES_SHOWN = 10;

/** Whether all that is stored is what the executions and cash movements make of it. */
export function isProven({ difference }: Pick<BookProof, 'difference'>): boolean {
  return Number(difference) === 0;
}

/** What is stored of these portfolios beside what SQL recomputes, to the last digit; then the verdict on the whole book. */
export function proofTable(proof: BookProof, shown: readonly PortfolioId[]): string {
  const rows = [...proof.portfolios, ...proof.openPositions].filter(({ portfolioId }) =>
    shown.some((id) => id === portfolioId),
  );
  const table = textTable(
    ['Portfolio', 'Figure', 'Stored', 'Recomputed', 'Difference'],
    rows.map((row) => [row.portfolio, row.symbol ? `${row.symbol} ${row.figure}` : row.figure, ...comparison(row)]),
    ['left', 'left', 'right', 'right', 'right'],
  );
  return [table, ...mismatches(proof), verdict(proof)].join('\n');
}

function comparison({ stored, recomputed, difference }: ProvenFigure): readonly string[] {
  return [stored ?? 'missing', recomputed ?? 'missing', difference];
}

function mismatches({ mismatches: all }: BookProof): readonly string[] {
  return all.slice(0, MISMATCHES_SHOWN).map(({ portfolio, of, id, figure, ...rest }) => {
    const [stored, recomputed, difference] = comparison({ portfolio, of, id, figure, ...rest });
    return `${portfolio}, ${of} ${id}: ${figure} is stored as ${stored}, recomputed as ${recomputed}, difference ${difference}.`;
  });
}

function verdict(proof: BookProof): string {
  const { checked, difference, mismatches: all } = proof;
  const what = `${count(checked)} figures of portfolios, positions, orders and snapshots recomputed in SQL from the executions and cash movements`;
  return isProven(proof)
    ? pico.green(`Proven: ${what}; difference 0.`)
    : pico.red(`NOT proven: ${what}; ${count(all.length)} differ, difference ${difference}.`);
}
